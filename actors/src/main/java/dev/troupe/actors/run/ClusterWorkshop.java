package dev.troupe.actors.run;

import dev.troupe.actors.cluster.NodeOptions;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.node.Workshop;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.rollout.verify.Timer;
import dev.troupe.rollout.verify.Verifiers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

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

  public static ClusterWorkshop of(NodeOptions options) {
    if (options.roles().contains(Role.LEARNER) || options.roles().contains(Role.ROLLOUT)) {
      options.threads().newThread(TorchRuntime::start).start();
    }
    EngineThreads engines = new EngineThreads();
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(options.threads());
    TorchWorkshop workshop =
        new TorchWorkshop(
            run -> new RunDirectory(options.home().resolve(run)),
            Verifiers::of,
            options.crashHook(),
            options.threads(),
            Timer.on(timers),
            engines::remembering);
    return new ClusterWorkshop(workshop, engines, timers);
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
