package dev.troupe.deploy.command;

import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.deploy.watch.Samples;
import dev.troupe.rollout.evaluation.Evaluation;

/** Evaluated samples in words. */
final class Wording {
  private Wording() {}

  static String sample(Console console, Evaluation.Sample sample) {
    RunView.Sample view = Samples.of(sample.task(), sample.trajectory(), sample.outcome());
    String mark = view.right() ? console.good("✓") : console.bad("✗");
    String wanted = view.expected().isEmpty() ? "" : "  expected " + view.expected();
    return mark + " " + view.prompt() + console.bold(view.answer()) + wanted;
  }
}
