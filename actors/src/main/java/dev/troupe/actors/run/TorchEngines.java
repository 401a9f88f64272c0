package dev.troupe.actors.run;

import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.rollout.task.TaskSource;
import dev.troupe.rollout.task.TaskSources;
import dev.troupe.rollout.verify.Timer;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.Verifiers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
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
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(options.threads());
    return new Engines(
        new TorchWorkshop(
            _ -> directory,
            TorchEngines::files,
            _ -> verifier,
            options.crashHook(),
            options.threads(),
            Timer.on(timers),
            threads::remembering),
        tasks::training,
        heldOut(run, tasks),
        verifier.ref(),
        threads,
        timers::shutdownNow);
  }

  static List<Task> heldOut(RunSpecification run, TaskSource tasks) {
    int count = Math.min(run.evaluation().tasksMax(), tasks.heldOutCount());
    return IntStream.range(0, count).mapToObj(tasks::heldOut).toList();
  }

  /** Files that the recipe names lie under their hash; what it doesn't bundle is a path. */
  static Function<String, Path> files(RunSpecification run, RunDirectory directory) {
    return name -> {
      String hash = run.files().get(name);
      return hash == null ? Path.of(name) : directory.files().resolve(hash);
    };
  }
}
