package dev.troupe.actors.run;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.journal.RunLock;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeOffer;
import dev.troupe.actors.node.NodeSurroundings;
import dev.troupe.actors.node.Workshop;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.verify.Verifier;
import java.nio.file.Files;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;

/** The whole troupe in this JVM: an embedded cluster of one node, and a run on it. */
public final class Troupe {
  private static final String NODE = "node";
  private static final Duration ACTORS_END_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
  private static final Duration ENGINES_END_WITHIN = Duration.ofSeconds(10);

  private Troupe() {}

  /**
   * Starts or resumes the run of {@code directory}.
   *
   * @throws RunFailedException if it can't begin: the directory holds a run that was not to be
   *     resumed, or there is nothing to resume
   * @throws RunLock.HeldException if another process works in the directory
   */
  public static RunHandle start(
      RunSpecification specification, RunDirectory directory, TroupeOptions options) {
    check(directory, options);
    return start(
        specification, directory, options, TorchEngines.of(specification, directory, options));
  }

  /** The same, judged by {@code verifier} instead of the one that the recipe names. */
  public static RunHandle start(
      RunSpecification specification,
      RunDirectory directory,
      TroupeOptions options,
      Verifier verifier) {
    check(directory, options);
    return start(
        specification,
        directory,
        options,
        TorchEngines.of(specification, directory, options, verifier));
  }

  static RunHandle start(
      RunSpecification specification,
      RunDirectory directory,
      TroupeOptions options,
      Engines engines) {
    check(directory, options);
    RunLock lock = RunLock.acquire(directory.root(), owner(options));
    try {
      return start(specification, directory, options, engines, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static RunHandle start(
      RunSpecification specification,
      RunDirectory directory,
      TroupeOptions options,
      Engines engines,
      RunLock lock) {
    directory.create();
    Milestones milestones = Milestones.open(directory);
    Handle handle = new Handle(options, engines, lock);
    ActorSystem<Guardian.Command> system =
        EmbeddedCluster.start(
            Guardian.create(
                surroundings(options, engines.workshop()),
                node ->
                    new Production(
                        specification.name(),
                        specification,
                        directory,
                        options,
                        owner(options),
                        machine(),
                        engines.tasks(),
                        engines.heldOut(),
                        engines.verifier(),
                        milestones,
                        new AtomicLong(),
                        "",
                        () -> List.of(everything(node, specification)),
                        handle)),
            options);
    handle.began(system);
    return handle;
  }

  private static Place everything(
      ActorRef<NodeActor.Command> node, RunSpecification specification) {
    return new Place(NODE, node, specification.runtime().rolloutActors(), true, true);
  }

  private static NodeSurroundings surroundings(TroupeOptions options, Workshop workshop) {
    HostPort nowhere = new HostPort(options.host(), options.port());
    NodeOffer offer =
        new NodeOffer(
            NODE,
            nowhere,
            nowhere,
            nowhere,
            EnumSet.allOf(Role.class),
            List.of(),
            Runtime.getRuntime().availableProcessors(),
            0,
            "",
            0);
    return new NodeSurroundings(
        offer,
        workshop,
        _ -> CompletableFuture.completedStage(""),
        Optional.empty(),
        Optional.empty(),
        () -> {},
        options.crashHook(),
        options.nanos());
  }

  private static void check(RunDirectory directory, TroupeOptions options) {
    boolean there = Files.isDirectory(directory.journal());
    if (options.resume() && !there) {
      throw new RunFailedException("there is no run in [" + directory.root() + "] to resume");
    }
    if (!options.resume() && directory.holdsRun()) {
      throw new RunFailedException(
          "there is a run in ["
              + directory.root()
              + "] already; resume it with --resume, or choose another directory with --run");
    }
  }

  private static String owner(TroupeOptions options) {
    return "process ["
        + ProcessHandle.current().pid()
        + "], started at ["
        + options.clock().instant()
        + "]";
  }

  /** The kind of machine that this process runs on: on another kind, the last bits may differ. */
  public static String machine() {
    return System.getProperty("os.arch")
        + ", processors "
        + Runtime.getRuntime().availableProcessors();
  }

  /** What the caller holds, and what the run's actors report to. */
  static final class Handle implements RunHandle, Production.Ended {
    private final TroupeOptions options;
    private final Engines engines;
    private final RunLock lock;
    private final CompletableFuture<RunSummary> done = new CompletableFuture<>();
    private final AtomicReference<@Nullable RunStatus> status = new AtomicReference<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<ActorSystem<Guardian.Command>> system =
        new CompletableFuture<>();

    private Handle(TroupeOptions options, Engines engines, RunLock lock) {
      this.options = options;
      this.engines = engines;
      this.lock = lock;
    }

    private void began(ActorSystem<Guardian.Command> begun) {
      system.complete(begun);
    }

    ActorSystem<Guardian.Command> system() {
      return system.join();
    }

    @Override
    public CompletionStage<RunSummary> done() {
      return done.minimalCompletionStage();
    }

    @Override
    public void drain() {
      system().tell(new Guardian.ToRun(new RunActor.Drain()));
    }

    @Override
    public void stopNow() {
      system().tell(new Guardian.ToRun(new RunActor.StopNow()));
    }

    @Override
    public void pause() {
      system().tell(new Guardian.ToRun(new RunActor.Pause()));
    }

    @Override
    public void goOn() {
      system().tell(new Guardian.ToRun(new RunActor.GoOn()));
    }

    @Override
    public CompletionStage<Answer> reward(RewardOrder order) {
      return AskPattern.ask(
          system(),
          to -> new Guardian.ToRun(new RunActor.Reward(order, to)),
          ANSWER_WITHIN,
          system().scheduler());
    }

    @Override
    public RunStatus status() {
      RunStatus now = status.get();
      return now != null ? now : RunStatus.starting();
    }

    @Override
    public void status(RunStatus now) {
      status.set(now);
    }

    @Override
    public void done(RunSummary summary) {
      end(() -> done.complete(summary));
    }

    @Override
    public void failed(RunFailedException cause) {
      end(() -> done.completeExceptionally(cause));
    }

    /** Takes everything down on a thread of its own, then tells how the run ended. */
    private void end(Runnable tell) {
      if (over.compareAndSet(false, true)) {
        options
            .threads()
            .newThread(
                () -> {
                  try {
                    ActorSystem<Guardian.Command> ending = system.join();
                    ending.terminate();
                    awaitEnd(ending);
                    engines.threads().await(ENGINES_END_WITHIN);
                    engines.closing().run();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  } finally {
                    lock.close();
                    tell.run();
                  }
                })
            .start();
      }
    }

    /** A foreign verifier may hold an actor's thread for ever: then that actor is left behind. */
    private static void awaitEnd(ActorSystem<Guardian.Command> ending) throws InterruptedException {
      try {
        ending
            .getWhenTerminated()
            .toCompletableFuture()
            .get(ACTORS_END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        ending.log().warn("the actors did not end within [{}]", ACTORS_END_WITHIN, e);
      }
    }
  }
}
