package dev.troupe.actors.learner;

import com.google.protobuf.ByteString;
import dev.troupe.actors.EngineThread;
import dev.troupe.actors.FirstCause;
import dev.troupe.actors.ThinActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.policy.PolicyShelf;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.run.StopConditions;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.StopSpecification;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.function.Function2;
import org.jspecify.annotations.Nullable;

/**
 * Improves the policy: supervised steps first, then one update a batch, each on the engine's own
 * thread.
 *
 * <pre>
 *   where to begin? ─▶ open ─▶ begin an incarnation ─▶ supervised steps ─▶ batches ─▶ last checkpoint
 * </pre>
 *
 * <p>Batch n + 1 is asked for while n trains. A new version is put on the shelf and announced;
 * every {@code checkpoints.every} updates, and wherever an evaluation is due, a checkpoint is made,
 * which counts once the replay actor has recorded its commit. Whatever is not answered is said
 * again at every tick. After a failure the actor begins again from the last commit, as a new
 * incarnation.
 */
public final class LearnerActor extends ThinActor<LearnerActor.Command> {

  /** What the learner is told. */
  public sealed interface Command {}

  /** The newest life so far was {@code incarnation}; go on after {@code commit}. */
  public record BeginFrom(int incarnation, Optional<Committed> commit) implements Command, Wire {}

  /** The life {@code incarnation} is recorded. */
  public record Begun(int incarnation) implements Command, Wire {}

  /** The data of the next update. */
  public record BatchReady(Batch batch) implements Command, Wire {}

  /** {@code checkpoint} counts. */
  public record CheckpointCounts(CheckpointRef checkpoint) implements Command, Wire {}

  /** The replay actor doesn't accept what this learner says: a newer one lives, or it is wrong. */
  public record Refused(int incarnation, String why) implements Command, Wire {}

  /** End after the update under way with a checkpoint; {@code why} for people. */
  public record Finish(String why) implements Command, Wire {}

  /** Begin no update until {@link GoOn}. */
  public record Pause() implements Command, Wire {}

  /** The pause is over. */
  public record GoOn() implements Command, Wire {}

  /** The weights of {@code update} are the best so far: keep their checkpoint. */
  public record KeepBest(long update) implements Command, Wire {}

  /** The run's singletons live elsewhere now: tell them how things stand. */
  public record Introduce() implements Command, Local {}

  /** Make a checkpoint after the update under way and end: another node takes over. */
  public record Leave() implements Command, Local {}

  /** A piece of a batch that comes from another node. */
  public record BatchPart(long number, int part, int parts, ByteString bytes)
      implements Command, Wire {
    public BatchPart {
      if (part < 0 || part >= parts) {
        throw new IllegalArgumentException("there is no part [" + part + "] of [" + parts + "]");
      }
    }
  }

  record Opened(int incarnation, ProcessorKind processor, LearnerEngine.Standing standing)
      implements Command, Local {}

  record SupervisedDone(LearnerEngine.Step step, LearnerEngine.Standing standing, double seconds)
      implements Command, Local {}

  record UpdateDone(
      Batch batch,
      LearnerEngine.Step step,
      LearnerEngine.Standing standing,
      PolicyVersion version,
      UpdateTrace trace,
      double seconds)
      implements Command, Local {}

  record SnapshotTaken(PolicyVersion version, UpdateTrace trace) implements Command, Local {}

  record Saved(CheckpointRef checkpoint, LearnerEngine.Standing standing)
      implements Command, Local {}

  record Pruned() implements Command, Local {}

  record EngineFailed(String doing, Throwable cause) implements Command, Local {}

  /** What a thread of life {@code life} of this actor brought; an earlier life's is not heard. */
  record FromLife(long life, Command command) implements Command, Local {}

  record Tick() implements Command, Local {}

  /** Nothing is left to do here. */
  record Left() implements Command, Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  /** Whom and what the learner works with. */
  public record Surroundings(
      RunSpecification specification,
      LearnerEngines engines,
      PolicyShelf shelf,
      RunPeers peers,
      Consumer<CrashPoint> crashHook,
      LongSupplier nanos) {
    ActorRef<ReplayActor.Command> replay() {
      return peers.replay();
    }

    ActorRef<PolicyRegistry.Command> registry() {
      return peers.registry();
    }

    ActorRef<MonitorActor.Command> monitor() {
      return peers.monitor();
    }

    ActorRef<RunActor.Command> run() {
      return peers.run();
    }
  }

  /** As the run's monitor knows it. */
  public static final String NAME = "learner";

  private static final Duration TICK = Duration.ofMillis(500);

  /** Evaluated updates whose checkpoints stay while they might turn out the best. */
  private static final int EVALUATIONS_UNDER_WAY = 2;

  private final Surroundings with;
  private final long life;
  private final EngineThread thread;
  private final AtomicReference<@Nullable LearnerEngine> engine = new AtomicReference<>();
  private final ArrayDeque<Long> judging = new ArrayDeque<>();
  private LearnerEngine.@Nullable Standing state;
  private int incarnation;
  private ProcessorKind processor = ProcessorKind.UNKNOWN;
  private boolean begun;
  private boolean announced;
  private boolean busy;
  private boolean paused;
  private boolean finished;
  private boolean leaving;
  private Map<String, Double> lastMetrics = Map.of();
  private Optional<String> finishing = Optional.empty();
  private Optional<PolicyVersion> newest = Optional.empty();
  private Optional<Batch> next = Optional.empty();
  private Optional<ReplayActor.Updated> lastUpdate = Optional.empty();
  private Optional<ReplayActor.CheckpointWritten> uncommitted = Optional.empty();
  private Optional<CheckpointRef> committed = Optional.empty();
  private final BatchAssembly parts = new BatchAssembly();
  private int savesUnderWay;
  private long training;
  private long bestUpdate = -1;
  private long tokens;
  private long progress;

  private LearnerActor(ActorContext<Command> context, Surroundings with, long life) {
    super(context);
    this.with = with;
    this.life = life;
    this.thread = new EngineThread(with.engines().threads(), with.nanos());
    if (life > 1) {
      with.monitor().tell(new MonitorActor.Restarted(NAME, "it failed, the log says why"));
    }
    thread.submit(
        () -> {
          with.engines().prepare();
          return true;
        });
    with.replay().tell(new ReplayActor.WhereToBegin(context.getSelf()));
  }

  /** Lives again after a failure, at most a few times in ten minutes. */
  public static Behavior<Command> create(Surroundings with) {
    long[] lives = {0};
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerAtFixedRate(new Tick(), TICK);
                          return new LearnerActor(context, with, ++lives[0]);
                        })))
        .onFailure(SupervisorStrategy.restart().withLimit(3, Duration.ofMinutes(10)));
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case BeginFrom(var newest, var commit) -> onBeginFrom(newest, commit);
      case FromLife(var from, var brought) -> onBrought(from, brought);
      case Opened opened -> onOpened(opened);
      case Begun(var life) -> onBegun(life);
      case SupervisedDone(var step, var where, var seconds) -> onSupervised(step, where, seconds);
      case SnapshotTaken(var version, var trace) -> onSnapshot(version, trace);
      case BatchReady(var batch) -> onBatch(batch);
      case BatchPart part -> parts.add(part).ifPresent(this::onBatch);
      case Introduce _ -> introduce();
      case Leave _ -> onLeave();
      case UpdateDone done -> onUpdated(done);
      case Saved(var checkpoint, var where) -> onSaved(checkpoint, where);
      case CheckpointCounts(var checkpoint) -> onCommitted(checkpoint);
      case KeepBest(var update) -> bestUpdate = update;
      case Pause _ -> paused = true;
      case GoOn _ -> onGoOn();
      case Finish(var why) -> onFinish(why);
      case Refused(var life, var why) -> onRefused(life, why);
      case Pruned _ -> {}
      case Tick _ -> onTick();
      case Left _ -> {
        return Behaviors.stopped();
      }
      case EngineFailed(var doing, var cause) -> onFailed(doing, cause);
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  /** What begins again may go well; what is hopeless fails the run. */
  private void onFailed(String doing, Throwable cause) {
    if (cause instanceof HopelessException hopeless) {
      paused = true;
      with.run().tell(new RunActor.Fail(String.valueOf(hopeless.getMessage())));
    } else {
      throw new IllegalStateException(
          "the learner failed at " + doing + ": " + FirstCause.words(cause), cause);
    }
  }

  // Beginning a life.

  private void onBeginFrom(int newest, Optional<Committed> commit) {
    if (state == null && !busy) {
      committed = commit.map(Committed::checkpoint);
      onThread(
          "opening",
          () -> {
            int begins = with.engines().claim(newest);
            LearnerEngine opened = with.engines().open(begins, commit.map(Committed::checkpoint));
            engine.set(opened);
            return new Opened(begins, with.engines().processor(), opened.standing());
          });
    }
  }

  private Behavior<Command> onBrought(long from, Command brought) {
    return from == life ? onMessage(brought) : this;
  }

  private void onOpened(Opened opened) {
    busy = false;
    incarnation = opened.incarnation();
    processor = opened.processor();
    state = opened.standing();
    begin();
  }

  private void begin() {
    with.replay()
        .tell(
            new ReplayActor.BeginIncarnation(
                incarnation,
                where().update(),
                where().lastBatch(),
                processor,
                context().getSelf()));
  }

  private void onBegun(int life) {
    if (life == incarnation && !begun) {
      begun = true;
      proceed();
    }
  }

  private void onRefused(int life, String why) {
    if (life == incarnation) {
      throw new IllegalStateException(
          "the replay actor refused incarnation [" + life + "]: " + why);
    }
  }

  // What comes next, whenever the engine is free.

  private void proceed() {
    if (!begun || busy || finished) {
      return;
    }
    LearnerEngine.Standing where = where();
    if (leaving) {
      saveOrLeave(where);
      return;
    }
    boolean supervised = where.lastBatch() == 0 && where.sftSteps() < sftSteps();
    if (finishing.isPresent() && (supervised || !paused)) {
      saveOrFinish(where);
    } else if (paused) {
      return;
    } else if (supervised) {
      pretrain();
    } else if (!announced) {
      onThread("taking a snapshot", () -> new SnapshotTaken(shelve(engine()), engine().trace()));
    } else if (isEnough(where)) {
      finishing = Optional.of(enough(where));
      saveOrFinish(where);
    } else if (next.isPresent()) {
      update(next.get());
    }
  }

  private long sftSteps() {
    return with.specification().sft().steps();
  }

  private void pretrain() {
    onThread(
        "a supervised step",
        () -> {
          long began = with.nanos().getAsLong();
          LearnerEngine.Step step = engine().pretrain();
          return new SupervisedDone(step, engine().standing(), secondsSince(began));
        });
  }

  private void onSupervised(LearnerEngine.Step step, LearnerEngine.Standing where, double seconds) {
    busy = false;
    state = where;
    tokens += step.tokens();
    progress++;
    with.monitor()
        .tell(
            new MonitorActor.SupervisedMade(
                where.sftSteps(), sftSteps(), step.tokens(), seconds, step.metrics()));
    if (where.sftSteps() < sftSteps()
        && where.update() % with.specification().checkpoints().every() == 0) {
      save();
    }
    proceed();
  }

  /** The version that reinforcement learning begins with is published, evaluated and saved. */
  private void onSnapshot(PolicyVersion version, UpdateTrace trace) {
    busy = false;
    announced = true;
    LearnerEngine.Standing where = where();
    if (where.lastBatch() == 0) {
      with.replay().tell(new ReplayActor.Updated(version, 0, false, trace));
    }
    publish(version, true);
    with.run().tell(new RunActor.Reinforced(version, where.lastBatch(), where.sftSteps()));
    with.monitor().tell(new MonitorActor.ReinforcedBegan());
    seen();
    if (committed.isEmpty() || committed.get().update() != version.update()) {
      save();
    }
    ask();
    proceed();
  }

  /** Puts the weights where samplers find them; on the engine's thread. */
  private PolicyVersion shelve(LearnerEngine open) {
    Policy policy = open.snapshot();
    PolicyVersion version = policy.version();
    with.shelf().put(policy);
    return version;
  }

  private void publish(PolicyVersion version, boolean keep) {
    newest = Optional.of(version);
    if (keep) {
      with.shelf().keep(version);
      awaitVerdict(version.update());
    }
    with.crashHook().accept(CrashPoint.DURING_PUBLISH);
    with.registry().tell(new PolicyRegistry.Publish(version, keep));
  }

  /** {@code update} is evaluated: until that has ended nobody knows whether it is the best. */
  private void awaitVerdict(long update) {
    judging.addLast(update);
    if (judging.size() > EVALUATIONS_UNDER_WAY) {
      judging.removeFirst();
    }
  }

  // Updates.

  /** The batch after the last one that was begun. */
  private long nextBatch() {
    return Math.max(training, where().lastBatch()) + 1;
  }

  private long firstUpdate() {
    return where().firstUpdate();
  }

  private void ask() {
    boolean goesOn = finishing.isEmpty() && !finished && !isLastBegun();
    if (begun && announced && goesOn && next.isEmpty()) {
      with.replay()
          .tell(
              new ReplayActor.NextBatch(
                  incarnation, nextBatch(), firstUpdate(), context().getSelf()));
    }
  }

  /** The recipe's last update is made or under way: a further batch would be cut for nothing. */
  private boolean isLastBegun() {
    long updates = with.specification().stop().updates();
    return updates > 0 && nextBatch() > updates;
  }

  private void onBatch(Batch batch) {
    if (begun && announced && next.isEmpty() && batch.number() == nextBatch()) {
      next = Optional.of(batch);
      proceed();
    }
  }

  private void update(Batch batch) {
    next = Optional.empty();
    training = batch.number();
    onThread(
        "update from batch [" + batch.number() + "]",
        () -> {
          long began = with.nanos().getAsLong();
          LearnerEngine.Step step = engine().update(batch);
          with.crashHook().accept(CrashPoint.AFTER_UPDATE);
          PolicyVersion version = shelve(engine());
          return new UpdateDone(
              batch, step, engine().standing(), version, engine().trace(), secondsSince(began));
        });
    ask();
  }

  private void onUpdated(UpdateDone done) {
    busy = false;
    training = 0;
    LearnerEngine.Standing where = done.standing();
    state = where;
    tokens += done.step().tokens();
    lastMetrics = done.step().metrics();
    progress++;
    PolicyVersion version = done.version();
    record(
        new ReplayActor.Updated(
            version, done.batch().number(), done.step().skipped(), done.trace()));
    boolean evaluate = isEvaluationDue(where.lastBatch());
    publish(version, evaluate);
    with.monitor().tell(made(done, version));
    seen();
    with.run().tell(new RunActor.UpdateMade(version, where.lastBatch(), evaluate));
    if (evaluate || where.lastBatch() % with.specification().checkpoints().every() == 0) {
      save();
    }
    proceed();
  }

  private MonitorActor.UpdateMade made(UpdateDone done, PolicyVersion version) {
    long trajectories = 0;
    long lags = 0;
    long before = done.standing().firstUpdate() + done.batch().number() - 1;
    for (var group : done.batch().groups()) {
      for (var judged : group.trajectories()) {
        trajectories++;
        lags += before - judged.trajectory().behaviour().update();
      }
    }
    return new MonitorActor.UpdateMade(
        version,
        done.batch().number(),
        done.step().skipped(),
        done.step().tokens(),
        trajectories,
        lags,
        done.seconds(),
        done.step().metrics());
  }

  private boolean isEvaluationDue(long number) {
    int every = with.specification().evaluation().every();
    return every > 0 && number % every == 0;
  }

  private boolean isEnough(LearnerEngine.Standing where) {
    return !enough(where).isEmpty();
  }

  private String enough(LearnerEngine.Standing where) {
    StopSpecification stop = with.specification().stop();
    return StopConditions.updates(stop, where.lastBatch())
        .or(() -> StopConditions.meanReturn(stop, lastMetrics))
        .orElse("");
  }

  private void record(ReplayActor.Updated updated) {
    lastUpdate = Optional.of(updated);
    with.replay().tell(updated);
  }

  // Checkpoints.

  private void save() {
    CompletionStage<Saved> saving =
        thread.submit(
            () -> {
              LearnerEngine.Standing where = engine().standing();
              return new Saved(engine().save(), where);
            });
    context().pipeToSelf(saving, orFailed("saving a checkpoint"));
    savesUnderWay++;
  }

  private void onSaved(CheckpointRef checkpoint, LearnerEngine.Standing where) {
    savesUnderWay--;
    uncommitted =
        Optional.of(
            new ReplayActor.CheckpointWritten(
                incarnation,
                checkpoint,
                where.lastBatch(),
                where.firstUpdate(),
                context().getSelf()));
    with.replay().tell(uncommitted.get());
    proceed();
  }

  private void onCommitted(CheckpointRef checkpoint) {
    committed = Optional.of(checkpoint);
    progress++;
    if (uncommitted.filter(written -> written.checkpoint().equals(checkpoint)).isPresent()) {
      uncommitted = Optional.empty();
    }
    with.run().tell(new RunActor.CheckpointCommitted(checkpoint));
    Set<Long> also = new HashSet<>(judging);
    also.add(bestUpdate);
    CompletionStage<Pruned> pruning =
        thread.submit(
            () -> {
              engine().prune(checkpoint, also);
              return new Pruned();
            });
    context().pipeToSelf(pruning, orFailed("removing old checkpoints"));
    proceed();
  }

  // The end.

  private void onGoOn() {
    paused = false;
    proceed();
  }

  private void onFinish(String why) {
    if (finishing.isEmpty()) {
      finishing = Optional.of(why);
      proceed();
    }
  }

  /** The last checkpoint is there, or is made now. */
  private void saveOrFinish(LearnerEngine.Standing where) {
    if (isSafe(where)) {
      finished = true;
      seen();
      tellFinished();
    } else if (!isSaved(where) && savesUnderWay == 0) {
      save();
    }
  }

  private boolean isSafe(LearnerEngine.Standing where) {
    return committed.filter(ref -> ref.update() == where.update()).isPresent()
        && uncommitted.isEmpty();
  }

  private boolean isSaved(LearnerEngine.Standing where) {
    return uncommitted
        .filter(written -> written.checkpoint().update() == where.update())
        .isPresent();
  }

  private void tellFinished() {
    with.run()
        .tell(
            new RunActor.LearnerFinished(
                finishing.orElse(""), newest, where().lastBatch(), committed));
  }

  private void onLeave() {
    leaving = true;
    if (state == null && !busy) {
      context().getSelf().tell(new Left());
    } else {
      proceed();
    }
  }

  private void saveOrLeave(LearnerEngine.Standing where) {
    if (isSafe(where)) {
      context().getSelf().tell(new Left());
    } else if (!isSaved(where) && savesUnderWay == 0) {
      save();
    }
  }

  /** To singletons that began anew elsewhere: as much as this learner has told the earlier ones. */
  private void introduce() {
    if (announced && newest.isPresent()) {
      PolicyVersion version = newest.get();
      LearnerEngine.Standing where = where();
      boolean evaluate = isEvaluationDue(where.lastBatch());
      with.registry().tell(new PolicyRegistry.Publish(version, evaluate));
      with.run().tell(new RunActor.Reinforced(version, where.lastBatch(), where.sftSteps()));
      with.monitor().tell(new MonitorActor.ReinforcedBegan());
      committed.ifPresent(ref -> with.run().tell(new RunActor.CheckpointCommitted(ref)));
      if (where.lastBatch() > 0) {
        with.run().tell(new RunActor.UpdateMade(version, where.lastBatch(), evaluate));
      }
    }
    if (finished) {
      tellFinished();
    }
  }

  private void onTick() {
    ActorRef<Command> self = context().getSelf();
    if (state == null && !busy) {
      with.replay().tell(new ReplayActor.WhereToBegin(self));
    } else if (state != null && !begun) {
      begin();
    } else if (begun) {
      lastUpdate.ifPresent(with.replay()::tell);
      uncommitted.ifPresent(with.replay()::tell);
      ask();
    }
    if (announced) {
      seen();
    }
    with.monitor().tell(new MonitorActor.Seen(NAME, progress, waitsFor()));
  }

  private void seen() {
    with.monitor()
        .tell(new MonitorActor.LearnerSeen(with.nanos().getAsLong(), thread.idleNanos(), tokens));
  }

  private String waitsFor() {
    if (busy || finished || savesUnderWay > 0) {
      return "";
    }
    if (state == null) {
      return "the replay actor to say where to begin";
    }
    if (!begun) {
      return "the replay actor to record incarnation [" + incarnation + "]";
    }
    if (uncommitted.isPresent() && finishing.isPresent()) {
      return "the commit of checkpoint [" + uncommitted.get().checkpoint().update() + "]";
    }
    if (paused) {
      return "the end of the pause";
    }
    return "batch [" + nextBatch() + "] from the replay actor";
  }

  private <T extends Command> void onThread(String doing, Callable<T> work) {
    busy = true;
    context().pipeToSelf(thread.submit(work), orFailed(doing));
  }

  private <T extends Command> Function2<T, Throwable, Command> orFailed(String doing) {
    return (done, failure) ->
        new FromLife(life, failure == null ? done : new EngineFailed(doing, failure));
  }

  private double secondsSince(long beganNanos) {
    return (with.nanos().getAsLong() - beganNanos) / 1e9;
  }

  /** On the engine's thread only. */
  private LearnerEngine engine() {
    LearnerEngine open = engine.get();
    if (open == null) {
      throw new IllegalStateException("the learner isn't open yet");
    }
    return open;
  }

  private LearnerEngine.Standing where() {
    if (state == null) {
      throw new IllegalStateException("the learner isn't open yet");
    }
    return state;
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop || signal instanceof PreRestart) {
      thread.submit(
          () -> {
            LearnerEngine open = engine.getAndSet(null);
            if (open != null) {
              open.close();
            }
            return true;
          });
      thread.close();
    }
    return this;
  }
}
