package dev.troupe.rollout.verify;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import java.time.Duration;
import java.util.List;

/**
 * Judges trajectories. Called from several threads at once. A verifier may throw, hang or make a
 * score that isn't finite: {@link VerifierRunner} turns each into an outcome of its own. It should
 * give up when its thread is interrupted.
 */
public interface Verifier extends AutoCloseable {
  /** Which verifier this is, exactly. */
  VerifierRef ref();

  /** The verdict on {@code trajectory}, an attempt at {@code task}. */
  Outcome verify(Task task, Trajectory trajectory);

  /** How many trajectories are judged together at the most; 1 = each for itself. */
  default int together() {
    return 1;
  }

  /**
   * The verdicts on trajectories, in their order. Where {@link #together} is more than 1 the
   * verifier minds the time limit itself, and always comes back.
   *
   * @param limit for one verdict
   */
  default List<Outcome> verifyAll(List<Request> requests, Duration limit) {
    return requests.stream().map(each -> verify(each.task(), each.trajectory())).toList();
  }

  /** A trajectory to judge. */
  record Request(Task task, Trajectory trajectory) {}

  /** Gives back what it holds. */
  @Override
  default void close() {}
}
