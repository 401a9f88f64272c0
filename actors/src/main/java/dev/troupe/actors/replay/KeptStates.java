package dev.troupe.actors.replay;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where environments stood after recorded fragments, for the fragments that go on from there. It
 * follows from the journal's events alone, those read when it was opened and those decided since.
 */
abstract sealed class KeptStates permits LatestStates, PlacedStates {
  private final Map<Long, Integer> waiting = new HashMap<>();
  private int found;
  private int resumed;

  /** As the run's lag asks for: at lag 0 results must not depend on who samples what. */
  static KeptStates of(ReplaySpecification replay) {
    return replay.isSynchronous() ? new PlacedStates() : new LatestStates();
  }

  /** This happened, after what was said to have happened before. */
  final void happened(LedgerEvent event) {
    if (event instanceof LedgerEvent.Recorded(var judged)) {
      state(judged)
          .map(state -> waiting.remove(state.line()))
          .ifPresent(episodes -> resumed += episodes);
    }
    follow(event);
  }

  /** All events so far were read from the journal; others follow. */
  void opened() {
    all().forEach(state -> waiting.put(state.line(), lanes(state)));
    found = waiting.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Episodes that were under way when the journal was opened. */
  final int found() {
    return found;
  }

  /** Those of them that went on. */
  final int resumed() {
    return resumed;
  }

  abstract void follow(LedgerEvent event);

  /** All that is known. */
  abstract Collection<EnvironmentState> all();

  /**
   * Where fragment {@code group} goes on; empty if it doesn't matter, or nothing went before.
   *
   * @param begins whether its sampler has had no work yet
   */
  abstract Optional<EnvironmentState> before(long group, boolean begins);

  static Optional<EnvironmentState> state(JudgedTrajectory recorded) {
    return recorded.trajectory().body() instanceof EnvironmentFragment fragment
        ? fragment.after()
        : Optional.empty();
  }

  private static int lanes(EnvironmentState state) {
    return Math.toIntExact(state.returns().shape().getFirst());
  }
}
