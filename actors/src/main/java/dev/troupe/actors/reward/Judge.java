package dev.troupe.actors.reward;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Runs one verifier off the actor's thread, within its time limit. */
public interface Judge extends AutoCloseable {
  VerifierRef ref();

  /**
   * Begins to judge, or puts {@code trajectory} in its bounded queue; empty when that is full. The
   * stage always completes normally: whatever goes wrong is an outcome.
   */
  Optional<CompletionStage<Outcome>> judge(Task task, Trajectory trajectory);

  /** Trajectories that it would take now. */
  int room();

  @Override
  void close();
}
