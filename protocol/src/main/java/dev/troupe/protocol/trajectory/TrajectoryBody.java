package dev.troupe.protocol.trajectory;

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
      implements TrajectoryBody {}
}
