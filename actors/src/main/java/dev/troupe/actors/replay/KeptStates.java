package dev.troupe.actors.replay;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Where samplers stood after their last recorded fragments when the journal was opened. Each is
 * given to one sampler that begins; what a sampler still goes on with is given to none.
 */
final class KeptStates {
  /** Of samplers that went away long ago nobody needs to know. */
  private static final int LINES_MAX = 256;

  private final LinkedHashMap<Long, EnvironmentState> latest = new LinkedHashMap<>();

  /** The journal holds this, after what it was said to hold before. */
  void found(JudgedTrajectory recorded) {
    state(recorded)
        .ifPresent(
            state -> {
              latest.putLast(state.line(), state);
              if (latest.size() > LINES_MAX) {
                latest.pollFirstEntry();
              }
            });
  }

  /** A sampler recorded this now. */
  void recorded(JudgedTrajectory recorded) {
    if (!latest.isEmpty()) {
      state(recorded).ifPresent(state -> latest.remove(state.line()));
    }
  }

  /** For a sampler that begins: the newest that no one has. */
  Optional<EnvironmentState> take() {
    return latest.isEmpty() ? Optional.empty() : Optional.of(latest.pollLastEntry().getValue());
  }

  private static Optional<EnvironmentState> state(JudgedTrajectory recorded) {
    return recorded.trajectory().body() instanceof EnvironmentFragment fragment
        ? fragment.after()
        : Optional.empty();
  }
}
