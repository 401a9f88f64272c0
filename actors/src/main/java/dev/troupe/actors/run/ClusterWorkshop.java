package dev.troupe.actors.run;

import dev.troupe.actors.cluster.NodeOptions;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.node.Workshop;
import dev.troupe.actors.weights.FileShelf;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.verify.Timer;
import dev.troupe.rollout.verify.Verifiers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/** What a node of a cluster makes for runs, and the threads that it does it on. */
public final class ClusterWorkshop {
  private final Workshop workshop;
  private final EngineThreads engines;
  private final ScheduledExecutorService timers;

  private ClusterWorkshop(
      Workshop workshop, EngineThreads engines, ScheduledExecutorService timers) {
    this.workshop = workshop;
    this.engines = engines;
    this.timers = timers;
  }

  public static ClusterWorkshop of(NodeOptions options, FileShelf files) {
    if (options.roles().contains(Role.LEARNER) || options.roles().contains(Role.ROLLOUT)) {
      options.threads().newThread(TorchRuntime::start).start();
    }
    EngineThreads engines = new EngineThreads();
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(options.threads());
    TorchWorkshop workshop =
        new TorchWorkshop(
            run -> new RunDirectory(options.home().resolve(run)),
            (specification, directory) -> named(specification, directory, files),
            Verifiers::of,
            options.crashHook(),
            options.nanos(),
            options.threads(),
            Timer.on(timers),
            engines::remembering);
    return new ClusterWorkshop(workshop, engines, timers);
  }

  /** What was brought to this node is read here, the rest in the run directory. */
  private static Function<String, Path> named(
      RunSpecification specification, RunDirectory directory, FileShelf files) {
    Function<String, Path> shared = TorchEngines.files(specification, directory);
    return name -> {
      String hash = specification.files().getOrDefault(name, "");
      return files.has(hash) ? files.path(hash) : shared.apply(name);
    };
  }

  public Workshop workshop() {
    return workshop;
  }

  /** Waits for the engines to end, at most {@code limit}. */
  public void close(Duration limit) {
    try {
      engines.await(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timers.shutdownNow();
  }
}
