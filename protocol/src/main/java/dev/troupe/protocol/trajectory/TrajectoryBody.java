package dev.troupe.protocol.trajectory;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import java.util.List;
import java.util.Optional;

/** What happened in an episode. */
public sealed interface TrajectoryBody {

  /** A language-model sample: prompt, answers and tool outputs in order. */
  record Completion(List<Segment> segments, FinishReason finish) implements TrajectoryBody {
    public Completion {
      segments = List.copyOf(segments);
    }
  }

  /** Why sampling ended. */
  enum FinishReason {
    END_TOKEN,
    STOP_STRING,
    LENGTH
  }

  /**
   * T steps of N environments that step together. Row (t, n) is step t of lane n; a lane's next
   * episode begins in the row after the end of its last one.
   *
   * @param observations F32 [T, N, O] before each step, raw (not normalised), flattened
   * @param actions I32 [T, N, K] choices, or F32 [T, N, A] values as they were drawn, not clipped
   * @param logProbs F32 [T, N] of the actions under the behaviour policy
   * @param rewards F64 [T, N], raw
   * @param terminated BOOL [T, N]
   * @param truncated BOOL [T, N]
   * @param inserted BOOL [T, N]: rows that are only a reset, to be masked out
   * @param finalObservations F32 [K, O] what followed the rows that are truncated and not
   *     terminated, in order of (t, n)
   * @param lastObservation F32 [N, O] after the last step
   * @param startState F32 [N, S] of a recurrent policy before the first step; S = 0 for others
   * @param startReturns F64 [N] discounted sum of the rewards of the episode under way before the
   *     first step, as rewards are normalised by
   * @param episodeReturns F64 [E] undiscounted, of the episodes that ended here, in order of (t, n)
   * @param episodeLengths I32 [E] their steps
   * @param after where the sampler stood then, if that can be kept
   */
  record EnvironmentFragment(
      TensorData observations,
      TensorData actions,
      TensorData logProbs,
      TensorData rewards,
      TensorData terminated,
      TensorData truncated,
      TensorData inserted,
      TensorData finalObservations,
      TensorData lastObservation,
      TensorData startState,
      TensorData startReturns,
      TensorData episodeReturns,
      TensorData episodeLengths,
      Optional<EnvironmentState> after)
      implements TrajectoryBody {
    public EnvironmentFragment {
      Check.that(rewards.shape().size() == 2, "rewards", "of shape [T, N]", rewards.shape());
      List<Long> grid = rewards.shape();
      long lanes = grid.get(1);
      check("rewards", rewards, DType.F64, grid);
      check("logProbs", logProbs, DType.F32, grid);
      check("terminated", terminated, DType.BOOL, grid);
      check("truncated", truncated, DType.BOOL, grid);
      check("inserted", inserted, DType.BOOL, grid);
      long width = width("observations", observations, 2);
      check("observations", observations, DType.F32, List.of(grid.get(0), lanes, width));
      Check.that(
          actions.dtype() == DType.I32 || actions.dtype() == DType.F32,
          "actions",
          "I32 choices or F32 values",
          actions.dtype());
      long components = width("actions", actions, 2);
      check("actions", actions, actions.dtype(), List.of(grid.get(0), lanes, components));
      long finals = rows("finalObservations", finalObservations);
      check("finalObservations", finalObservations, DType.F32, List.of(finals, width));
      check("lastObservation", lastObservation, DType.F32, List.of(lanes, width));
      long state = width("startState", startState, 1);
      check("startState", startState, DType.F32, List.of(lanes, state));
      check("startReturns", startReturns, DType.F64, List.of(lanes));
      long episodes = rows("episodeReturns", episodeReturns);
      check("episodeReturns", episodeReturns, DType.F64, List.of(episodes));
      check("episodeLengths", episodeLengths, DType.I32, List.of(episodes));
      after.ifPresent(
          end ->
              Check.that(
                  end.returns().shape().equals(List.of(lanes)),
                  "after",
                  "of [" + lanes + "] lanes",
                  end.returns().shape()));
    }

    /** Of a sampler that nobody goes on from. */
    public EnvironmentFragment(
        TensorData observations,
        TensorData actions,
        TensorData logProbs,
        TensorData rewards,
        TensorData terminated,
        TensorData truncated,
        TensorData inserted,
        TensorData finalObservations,
        TensorData lastObservation,
        TensorData startState,
        TensorData startReturns,
        TensorData episodeReturns,
        TensorData episodeLengths) {
      this(
          observations,
          actions,
          logProbs,
          rewards,
          terminated,
          truncated,
          inserted,
          finalObservations,
          lastObservation,
          startState,
          startReturns,
          episodeReturns,
          episodeLengths,
          Optional.empty());
    }

    /** The same, with where the sampler stood after it. */
    public EnvironmentFragment endingIn(Optional<EnvironmentState> state) {
      return new EnvironmentFragment(
          observations,
          actions,
          logProbs,
          rewards,
          terminated,
          truncated,
          inserted,
          finalObservations,
          lastObservation,
          startState,
          startReturns,
          episodeReturns,
          episodeLengths,
          state);
    }

    /** T. */
    public int steps() {
      return rewards.shape().get(0).intValue();
    }

    /** N. */
    public int lanes() {
      return rewards.shape().get(1).intValue();
    }

    /** All tensors, in their order here. */
    public List<TensorData> tensors() {
      return List.of(
          observations,
          actions,
          logProbs,
          rewards,
          terminated,
          truncated,
          inserted,
          finalObservations,
          lastObservation,
          startState,
          startReturns,
          episodeReturns,
          episodeLengths);
    }

    private static long rows(String component, TensorData tensor) {
      return width(component, tensor, 0);
    }

    private static long width(String component, TensorData tensor, int dimension) {
      Check.that(
          tensor.shape().size() > dimension,
          component,
          "of at least " + (dimension + 1) + " dimensions",
          tensor.shape());
      return tensor.shape().get(dimension);
    }

    private static void check(
        String component, TensorData tensor, DType dtype, List<Long> expected) {
      Check.that(tensor.dtype() == dtype, component, dtype.name(), tensor.dtype());
      Check.that(
          tensor.shape().equals(expected), component, "of shape " + expected, tensor.shape());
    }
  }
}
