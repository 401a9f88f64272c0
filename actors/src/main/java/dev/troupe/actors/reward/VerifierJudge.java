package dev.troupe.actors.reward;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.rollout.verify.VerifierRunner;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** The real judge: a verifier on its bounded pool of threads. */
public record VerifierJudge(VerifierRef ref, VerifierRunner runner) implements Judge {
  @Override
  public Optional<CompletionStage<Outcome>> judge(Task task, Trajectory trajectory) {
    try {
      return Optional.of(runner.verify(task, trajectory));
    } catch (RejectedExecutionException _) {
      return Optional.empty();
    }
  }

  @Override
  public int room() {
    return runner.room();
  }

  @Override
  public void close() {
    runner.close();
  }
}
