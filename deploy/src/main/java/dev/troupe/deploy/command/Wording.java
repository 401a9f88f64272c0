package dev.troupe.deploy.command;

import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.deploy.watch.Samples;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.rollout.evaluation.Evaluation;
import java.time.Duration;

/** Evaluated samples in words. */
final class Wording {
  private Wording() {}

  static String sample(Console console, Evaluation.Sample sample) {
    RunView.Sample view =
        Samples.of(
            sample.task(),
            new JudgedTrajectory(
                sample.trajectory(), new VerifierRef("", "", ""), sample.outcome(), Duration.ZERO));
    String mark = view.right() ? console.good("✓") : console.bad("✗");
    String wanted = view.expected().isEmpty() ? "" : "  expected " + view.expected();
    return mark + " " + view.prompt() + console.bold(view.answer()) + wanted;
  }
}
