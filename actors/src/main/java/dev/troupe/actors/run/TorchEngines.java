package dev.troupe.actors.run;

import dev.troupe.actors.learner.TorchLearners;
import dev.troupe.actors.node.Workshop;
import dev.troupe.actors.reward.Judge;
import dev.troupe.actors.reward.VerifierJudge;
import dev.troupe.actors.rollout.SamplerEngines;
import dev.troupe.actors.rollout.TorchSamplers;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.rollout.task.TaskSource;
import dev.troupe.rollout.task.TaskSources;
import dev.troupe.rollout.verify.Timer;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.VerifierRunner;
import dev.troupe.rollout.verify.Verifiers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

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
    Function<String, Path> files = files(run, directory);
    TaskSource tasks = TaskSources.of(run.tasks(), run.seed(), files);
    int heldOut = Math.min(run.evaluation().tasksMax(), tasks.heldOutCount());
    List<Task> evaluation = IntStream.range(0, heldOut).mapToObj(tasks::heldOut).toList();
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(options.threads());
    return new Engines(
        new TorchLearners(
            run, directory.checkpoints(), files, options.crashHook(), threads::remembering),
        workshop(verifier, threads, options, Timer.on(timers)),
        tasks::training,
        evaluation,
        verifier.ref(),
        threads,
        timers::shutdownNow);
  }

  private static Workshop workshop(
      Verifier verifier, EngineThreads threads, TroupeOptions options, Timer timer) {
    return new Workshop() {
      @Override
      public SamplerEngines samplers(RunSpecification specification) {
        return new TorchSamplers(specification, threads::remembering);
      }

      @Override
      public Supplier<Judge> judges(RunSpecification specification) {
        return () ->
            new VerifierJudge(
                verifier.ref(),
                new VerifierRunner(verifier, specification.reward(), options.threads(), timer));
      }
    };
  }

  /** Files that the recipe names lie under their hash; what it doesn't bundle is a path. */
  private static Function<String, Path> files(RunSpecification run, RunDirectory directory) {
    return name -> {
      String hash = run.files().get(name);
      return hash == null ? Path.of(name) : directory.files().resolve(hash);
    };
  }
}
