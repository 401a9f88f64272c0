package dev.troupe.actors.run;

import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.verify.Timer;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.Verifiers;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/** The engines that recipes mean: decoders in libtorch, verifiers by name. */
final class TorchEngines {
  private TorchEngines() {}

  static Engines of(RunSpecification run, RunDirectory directory, TroupeOptions options) {
    return of(run, directory, options, Verifiers.of(run.reward()));
  }

  static Engines of(
      RunSpecification run, RunDirectory directory, TroupeOptions options, Verifier verifier) {
    options.threads().newThread(TorchRuntime::start).start();
    EngineThreads threads = new EngineThreads();
    RunTasks tasks = RunTasks.of(run, files(run, directory), verifier::ref);
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(options.threads());
    return new Engines(
        new TorchWorkshop(
            _ -> directory,
            TorchEngines::files,
            reward -> isOf(reward, run, verifier) ? verifier : Verifiers.of(reward),
            options.crashHook(),
            options.nanos(),
            options.threads(),
            Timer.on(timers),
            threads::remembering),
        tasks.training(),
        tasks.evaluation(),
        tasks.verifier(),
        threads,
        timers::shutdownNow);
  }

  /** Whether {@code verifier} is meant: the recipe's, or one that judges in its place. */
  private static boolean isOf(RewardSpecification reward, RunSpecification run, Verifier verifier) {
    RewardSpecification own =
        run.reward().judgedBy(new VerifierVersion(verifier.ref(), run.reward().settings()));
    return reward.equals(own) || reward.equals(run.reward());
  }

  /** Files that the recipe names lie under their hash; what it doesn't bundle is a path. */
  static Function<String, Path> files(RunSpecification run, RunDirectory directory) {
    return name -> {
      String hash = run.files().get(name);
      return hash == null ? Path.of(name) : directory.files().resolve(hash);
    };
  }
}
