package dev.troupe.actors.reward;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Has a shadow judge what a reward actor judges, and compares. Nothing waits for it: what it has no
 * room for is skipped.
 */
final class ShadowBench implements AutoCloseable {
  private final Judge judge;
  private ShadowFigures figures = ShadowFigures.NONE;

  ShadowBench(Judge judge) {
    this.judge = judge;
  }

  /** Which verifier it is. */
  Judge judge() {
    return judge;
  }

  /** {@code trajectory} is judged; {@code outcome} is the verdict that counts. On any thread. */
  void judge(Task task, Trajectory trajectory, CompletionStage<Outcome> outcome) {
    Optional<CompletionStage<Outcome>> shadow = judge.judge(task, trajectory);
    if (shadow.isEmpty()) {
      add(ShadowFigures.skip());
      return;
    }
    var _ =
        outcome.thenCombine(
            shadow.get(),
            (said, other) -> {
              add(ShadowFigures.of(said, other, Disagreement.of(task, trajectory, said, other)));
              return other;
            });
  }

  private synchronized void add(ShadowFigures more) {
    figures = figures.plus(more);
  }

  /** What came since it was asked last. */
  synchronized ShadowFigures take() {
    ShadowFigures taken = figures;
    figures = ShadowFigures.NONE;
    return taken;
  }

  @Override
  public void close() {
    judge.close();
  }
}
