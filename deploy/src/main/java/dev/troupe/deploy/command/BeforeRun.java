package dev.troupe.deploy.command;

import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.learner.loss.PolicyLoss;
import dev.troupe.learner.update.Trainer;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.model.tokenizer.Tokenizers;
import dev.troupe.model.torch.ProgramCompileException;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.sampling.PromptCheck;
import dev.troupe.rollout.task.Corpora;
import dev.troupe.rollout.task.TaskSource;
import dev.troupe.rollout.task.TaskSources;
import dev.troupe.rollout.verify.Verifiers;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

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
      if (!run.learner().loss().equals(PolicyLoss.PPO_CLIP)) {
        compileLoss(run, PolicyLoss.source(run.learner(), recipe.files()), tokenizer.size());
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  private static void compileLoss(RunSpecification run, ProgramSource loss, int vocabulary) {
    if (!loss.text().contains("def policy_loss(")) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "learner.loss: ["
              + loss.name()
              + "] defines no policy_loss, expected `def policy_loss(...)` as docs/losses.md says");
    }
    FutureTask<?> compiling =
        new FutureTask<>(
            () ->
                Trainer.compile(
                    new DecoderNetwork(DecoderShape.of(run.model(), vocabulary)),
                    run.learner(),
                    loss,
                    run.sampling().temperature()),
            null);
    TorchRuntime.threads("loss-check").newThread(compiling).start();
    try {
      compiling.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ProgramCompileException refused) {
        throw new CommandFailure(ExitCode.REFUSED, "learner.loss: " + refused.getMessage());
      }
      throw new IllegalStateException("compiling [" + loss.name() + "]", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted");
    }
  }
}
