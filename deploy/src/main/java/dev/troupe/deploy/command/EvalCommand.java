package dev.troupe.deploy.command;

import dev.troupe.deploy.policy.HeldOut;
import dev.troupe.deploy.policy.TrainedPolicy;
import dev.troupe.deploy.report.AnswerHint;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.rollout.evaluation.Evaluation;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates a trained policy. */
@Command(
    name = "eval",
    header = "Answers held-out tasks greedily and tells how many answers are right.",
    footer = {
      "%nExamples:",
      "  ./troupe eval runs/sums",
      "  ./troupe eval runs/sums --checkpoint 450 --tasks 1000",
      "  ./troupe eval exported/ --wrong 20          show twenty wrong answers"
    })
final class EvalCommand implements Callable<Integer> {
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

  EvalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    CommandFailure.checkAtLeast("--tasks", 1, tasks == null ? 1 : tasks);
    CommandFailure.checkAtLeast("--wrong", 0, wrong);
    try (TrainedPolicy policy = options.load()) {
      int most = tasks == null ? policy.recipe().specification().evaluation().tasksMax() : tasks;
      print(policy, HeldOut.evaluate(policy, most));
    }
    return ExitCode.DONE;
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
