package dev.troupe.deploy.command;

import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.learner.InitialWeights;
import dev.troupe.learner.loss.LossRefusedException;
import dev.troupe.learner.loss.PolicyLoss;
import dev.troupe.learner.update.Trainer;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.model.tokenizer.Tokenizers;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.sampling.PromptCheck;
import dev.troupe.rollout.task.Corpora;
import dev.troupe.rollout.task.TaskSource;
import dev.troupe.rollout.task.TaskSources;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What a recipe's text doesn't show: whether its tasks, corpus, verifier, loss and devices can be
 * used.
 */
final class BeforeRun {
  private static final Duration TRIAL_MAX = Duration.ofMinutes(2);
  private static final String CPU = "cpu";

  private BeforeRun() {}

  /**
   * The same for a run in this process: it needs the recipe's devices here.
   *
   * @throws CommandFailure naming what can't be used
   */
  static void checkHere(Recipe recipe) {
    check(recipe, recipe.specification().runtime().learnerDevice(), TorchRuntime::devices);
  }

  /**
   * Reads what the recipe names, before anything is started or written; a loss of one's own is
   * tried.
   *
   * @throws CommandFailure naming file and line, or the task, that can't be used
   */
  static void check(Recipe recipe) {
    check(recipe, CPU, List::of);
  }

  /**
   * Both.
   *
   * @param lossDevice where the loss is tried
   * @param present devices of this machine; none = it doesn't matter
   */
  static void check(Recipe recipe, String lossDevice, Supplier<List<String>> present) {
    RunSpecification run = recipe.specification();
    if (run.control().isPresent()) {
      // Its environment was made when the recipe was read.
      return;
    }
    device(recipe, "runtime.learner-device", run.runtime().learnerDevice(), present);
    device(recipe, "runtime.sampler-device", run.runtime().samplerDevice(), present);
    try {
      verifier(run);
      Tokenizer tokenizer = Tokenizers.of(run.model().tokenizer());
      TaskSource tasks = TaskSources.of(run.tasks(), run.seed(), recipe.files());
      initialWeights(run.model().initFrom(), DecoderShape.of(run.model(), tokenizer.size()));
      PromptCheck.check(tasks, tokenizer, run.sampling(), run.model().positions());
      if (run.sft().steps() > 0) {
        Corpora.of(run.sft().corpus(), run.tasks(), run.seed(), recipe.files());
      }
      if (!run.learner().loss().equals(PolicyLoss.PPO_CLIP)) {
        tryLoss(
            run, PolicyLoss.source(run.learner(), recipe.files()), tokenizer.size(), lossDevice);
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  private static void verifier(RunSpecification run) {
    try {
      Verifiers.check(run.reward());
    } catch (BadSettingsException e) {
      throw e.in("reward.settings");
    }
  }

  /** They may be on the learner's machine only, or gone since the run began. */
  private static void initialWeights(String from, DecoderShape wanted) {
    if (!from.isEmpty() && Files.exists(Path.of(from))) {
      InitialWeights.check(Path.of(from), wanted);
    }
  }

  private static void device(
      Recipe recipe, String key, String wanted, Supplier<List<String>> present) {
    List<String> devices = wanted.equals(CPU) ? List.of() : present.get();
    if (!devices.isEmpty() && !devices.contains(wanted)) {
      String where =
          recipe.entries().stream()
              .filter(entry -> entry.key().equals(key))
              .findFirst()
              .map(Recipe.Entry::where)
              .orElse(key);
      throw new CommandFailure(
          ExitCode.REFUSED,
          where
              + ": "
              + key
              + ": got ["
              + wanted
              + "], expected a device of this machine: it has "
              + devices
              + "; ./troupe doctor says what is missing");
    }
  }

  private static void tryLoss(
      RunSpecification run, ProgramSource loss, int vocabulary, String device) {
    FutureTask<?> trial =
        new FutureTask<>(
            () ->
                Trainer.check(
                    new DecoderNetwork(DecoderShape.of(run.model(), vocabulary)),
                    run.learner(),
                    loss,
                    run.sampling().temperature(),
                    device),
            null);
    TorchRuntime.threads("loss-trial").newThread(trial).start();
    try {
      trial.get(TRIAL_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException _) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "learner.loss: ["
              + loss.name()
              + "] didn't return within ["
              + TRIAL_MAX.toSeconds()
              + " s] on a few numbers, expected an answer at once: look for a loop without an end");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LossRefusedException refused) {
        throw new CommandFailure(ExitCode.REFUSED, String.valueOf(refused.getMessage()));
      }
      throw new IllegalStateException("trying [" + loss.name() + "]", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted");
    }
  }
}
