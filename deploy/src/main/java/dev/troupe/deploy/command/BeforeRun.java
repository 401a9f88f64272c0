package dev.troupe.deploy.command;

import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.model.tokenizer.Tokenizers;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.sampling.PromptCheck;
import dev.troupe.rollout.task.Corpora;
import dev.troupe.rollout.task.TaskSource;
import dev.troupe.rollout.task.TaskSources;
import dev.troupe.rollout.verify.Verifiers;

/** What a recipe's text doesn't show: whether its tasks, corpus and verifier can be used. */
final class BeforeRun {
  private BeforeRun() {}

  /**
   * Reads what the recipe names, before anything is started or written.
   *
   * @throws CommandFailure naming file and line, or the task, that can't be used
   */
  static void check(Recipe recipe) {
    RunSpecification run = recipe.specification();
    try {
      Verifiers.of(run.reward());
      Tokenizer tokenizer = Tokenizers.of(run.model().tokenizer());
      TaskSource tasks = TaskSources.of(run.tasks(), run.seed(), recipe.files());
      PromptCheck.check(tasks, tokenizer, run.sampling(), run.model().positions());
      if (run.sft().steps() > 0) {
        Corpora.of(run.sft().corpus(), run.tasks(), run.seed(), recipe.files());
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    }
  }
}
