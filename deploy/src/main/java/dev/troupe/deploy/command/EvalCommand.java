package dev.troupe.deploy.command;

import dev.troupe.deploy.policy.Episodes;
import dev.troupe.deploy.policy.HeldOut;
import dev.troupe.deploy.policy.StoredPolicy;
import dev.troupe.deploy.policy.TrainedPolicy;
import dev.troupe.deploy.report.AnswerHint;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.rollout.evaluation.Evaluation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates a trained policy. */
@Command(
    name = "eval",
    header = "Evaluates a policy: answers held-out tasks, or plays episodes.",
    footer = {
      "%nExamples:",
      "  ./troupe eval runs/sums",
      "  ./troupe eval runs/sums --checkpoint 450 --tasks 1000",
      "  ./troupe eval exported/ --wrong 20          show twenty wrong answers",
      "  ./troupe eval runs/cartpole --episodes 200  in environments: mean, deviation, histogram"
    })
final class EvalCommand implements Callable<Integer> {
  private static final int BINS = 10;
  private static final int BAR = 40;

  private final Console console;
  @Mixin private PolicyOptions options = new PolicyOptions();

  @Option(
      names = "--tasks",
      paramLabel = "N",
      description = "Tasks to answer at most; the recipe's evaluation.tasks-max if not given.")
  private @Nullable Integer tasks;

  @Option(
      names = "--wrong",
      paramLabel = "N",
      defaultValue = "5",
      description = "Wrong answers to show; 5 if not given.")
  private int wrong;

  @Option(
      names = "--episodes",
      paramLabel = "N",
      description =
          "Episodes to play, in environments; the recipe's evaluation.episodes if not given.")
  private @Nullable Integer episodes;

  @Option(
      names = "--sampled",
      description =
          "Draw actions as in training instead of taking the likeliest (in environments).")
  private boolean sampled;

  EvalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    CommandFailure.checkAtLeast("--tasks", 1, tasks == null ? 1 : tasks);
    CommandFailure.checkAtLeast("--wrong", 0, wrong);
    CommandFailure.checkAtLeast("--episodes", 1, episodes == null ? 1 : episodes);
    StoredPolicy stored = options.find();
    if (stored.plays()) {
      play(stored);
      return ExitCode.DONE;
    }
    try (TrainedPolicy policy = options.load()) {
      int most = tasks == null ? policy.recipe().specification().evaluation().tasksMax() : tasks;
      print(policy, HeldOut.evaluate(policy, most));
    }
    return ExitCode.DONE;
  }

  private void play(StoredPolicy stored) throws IOException {
    int count =
        episodes == null ? stored.recipe().specification().evaluation().tasksMax() : episodes;
    Episodes played = Episodes.play(stored, count, !sampled, System::nanoTime);
    console.format(
        "return %s ± %.2f over %d %s episodes, by %s",
        console.bold(Measure.RETURN.text(played.meanReturn())),
        played.standardDeviation(),
        count,
        sampled ? "sampled" : "greedy",
        stored.source());
    console.format(
        "  from %s to %s; %.1f steps an episode",
        Measure.RETURN.text(played.leastReturn()),
        Measure.RETURN.text(played.mostReturn()),
        played.meanSteps());
    histogram(played);
  }

  private void histogram(Episodes played) {
    if (played.leastReturn() == played.mostReturn()) {
      return;
    }
    int[] counts = played.histogram(BINS);
    int most = Arrays.stream(counts).max().orElse(1);
    double width = (played.mostReturn() - played.leastReturn()) / BINS;
    for (int bin = 0; bin < BINS; bin++) {
      console.format(
          "  %10s to %10s  %s %d",
          Measure.RETURN.text(played.leastReturn() + bin * width),
          Measure.RETURN.text(played.leastReturn() + (bin + 1) * width),
          "█".repeat(Math.round((float) BAR * counts[bin] / most)),
          counts[bin]);
    }
  }

  private void print(TrainedPolicy policy, Evaluation evaluation) {
    console.format(
        "accuracy %s of %d held-out tasks, by %s",
        console.bold(Figures.percent(evaluation.accuracy())),
        evaluation.samples().size(),
        policy.source());
    if (evaluation.unscored() > 0) {
      console.line(console.warning(evaluation.unscored() + " answers have no verdict"));
    }
    evaluation
        .accuracyByDifficulty()
        .forEach(
            (difficulty, share) ->
                console.format(
                    "  %-24s %s",
                    difficulty.isEmpty() ? "any" : difficulty, Figures.percent(share)));
    List<Evaluation.Sample> shown =
        evaluation.samples().stream().filter(sample -> !sample.right()).limit(wrong).toList();
    if (!shown.isEmpty()) {
      console.line("wrong answers:");
      AnswerHint.of(policy.recipe().specification().tasks())
          .ifPresent(hint -> console.line("  " + console.faint(hint)));
    }
    for (Evaluation.Sample sample : shown) {
      console.line("  " + Wording.sample(console, sample));
    }
  }
}
