package dev.troupe.protocol.trajectory;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import java.util.List;

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
   * T steps of N environments. Shapes start with [T, N] unless said otherwise.
   *
   * @param observations [T, N, ...], raw (not normalised)
   * @param actions [T, N, ...]
   * @param logProbs [T, N] of the actions under the behaviour policy
   * @param rewards [T, N], raw
   * @param terminated [T, N] bool
   * @param truncated [T, N] bool
   * @param finalObservations [K, ...] observation before each autoreset, in order of (t, n)
   * @param lastObservation [N, ...] after the last step
   */
  record EnvironmentFragment(
      TensorData observations,
      TensorData actions,
      TensorData logProbs,
      TensorData rewards,
      TensorData terminated,
      TensorData truncated,
      TensorData finalObservations,
      TensorData lastObservation)
      implements TrajectoryBody {
    public EnvironmentFragment {
      Check.that(rewards.shape().size() == 2, "rewards", "of shape [T, N]", rewards.shape());
      List<Long> grid = rewards.shape();
      startsWith(grid, "observations", observations);
      startsWith(grid, "actions", actions);
      hasShape(grid, "logProbs", logProbs);
      hasShape(grid, "terminated", terminated);
      hasShape(grid, "truncated", truncated);
      Check.that(terminated.dtype() == DType.BOOL, "terminated", "BOOL", terminated.dtype());
      Check.that(truncated.dtype() == DType.BOOL, "truncated", "BOOL", truncated.dtype());
      List<Long> one = observations.shape().subList(2, observations.shape().size());
      List<Long> last = lastObservation.shape();
      Check.that(
          !last.isEmpty()
              && last.getFirst().equals(grid.get(1))
              && last.subList(1, last.size()).equals(one),
          "lastObservation",
          "of shape [" + grid.get(1) + "] and then " + one,
          last);
      List<Long> finals = finalObservations.shape();
      Check.that(
          !finals.isEmpty() && finals.subList(1, finals.size()).equals(one),
          "finalObservations",
          "of shape [K] and then " + one,
          finals);
    }

    private static void startsWith(List<Long> grid, String component, TensorData tensor) {
      Check.that(
          tensor.shape().size() >= 2 && tensor.shape().subList(0, 2).equals(grid),
          component,
          "of a shape that starts with " + grid,
          tensor.shape());
    }

    private static void hasShape(List<Long> grid, String component, TensorData tensor) {
      Check.that(tensor.shape().equals(grid), component, "of shape " + grid, tensor.shape());
    }
  }
}
