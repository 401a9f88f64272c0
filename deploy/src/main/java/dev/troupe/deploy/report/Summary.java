package dev.troupe.deploy.report;

import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.deploy.watch.Samples;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a run came to, for people and programs. All figures are those of the whole run, over every
 * process that worked on it; docs/metrics.md defines them.
 *
 * @param ended why, for people
 * @param resumable whether the run can go on with {@code --resume}
 * @param bestStep optimizer steps of the weights with the best accuracy, supervised ones included
 * @param lastCheckpoint likewise, of the last checkpoint
 * @param processes how often it was begun or resumed
 * @param answers some of the last evaluation's
 * @param measure what accuracies mean here: shares of right answers, or mean returns
 */
public record Summary(
    String name,
    String ended,
    boolean resumable,
    OptionalDouble accuracyBefore,
    OptionalDouble accuracyAfter,
    OptionalDouble bestAccuracy,
    OptionalLong bestStep,
    OptionalLong lastCheckpoint,
    long updates,
    long skippedUpdates,
    long trajectories,
    double meanPolicyLag,
    int processes,
    double wallSeconds,
    double samplingTokensPerSecond,
    double learningTokensPerSecond,
    double samplingIdleShare,
    double learningIdleShare,
    LedgerTotals ledger,
    List<RunView.Sample> answers,
    Measure measure) {
  private static final int ANSWERS = 10;

  public Summary {
    answers = List.copyOf(answers);
  }

  /** What is told of {@code run}. */
  public static Summary of(RunSummary run, Measure measure) {
    return new Summary(
        run.name(),
        run.ended(),
        run.resumable(),
        run.accuracyBefore(),
        run.accuracyAfter(),
        run.bestAccuracy(),
        run.bestCheckpoint().stream().mapToLong(ref -> ref.update()).findFirst(),
        run.lastCheckpoint().stream().mapToLong(ref -> ref.update()).findFirst(),
        run.updates(),
        run.skippedUpdates(),
        run.trajectories(),
        run.meanPolicyLag(),
        run.processes(),
        run.wallSeconds(),
        run.samplingTokensPerSecond(),
        run.learningTokensPerSecond(),
        run.samplingIdleShare(),
        run.learningIdleShare(),
        run.ledger(),
        run.answers().stream()
            .limit(ANSWERS)
            .map(answer -> Samples.of(answer.task(), answer.answer()))
            .toList(),
        measure);
  }
}
