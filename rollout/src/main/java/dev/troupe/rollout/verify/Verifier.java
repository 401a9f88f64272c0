package dev.troupe.rollout.verify;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;

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

  /** Gives back what it holds. */
  @Override
  default void close() {}
}
