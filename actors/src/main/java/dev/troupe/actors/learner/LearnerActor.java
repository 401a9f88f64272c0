package dev.troupe.actors.learner;

import com.google.protobuf.ByteString;
import dev.troupe.actors.FirstCause;
import dev.troupe.actors.ThinActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.policy.PolicyVersion;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.function.Function2;

/**
 * Improves the policy: supervised steps first, then one update a batch, each on the engine's own
 * thread.
 *
 * <pre>
 *   where to begin? ─▶ open ─▶ begin an incarnation ─▶ supervised steps ─▶ batches ─▶ last checkpoint
 * </pre>
 *
 * <p>{@link LearnerCourse} says what comes next, {@link EngineWork} has the engine do it, and
 * {@link LearnerNews} tells others what came of it.
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
      Optional<PolicyVersion> learned,
      UpdateTrace trace,
      double seconds)
      implements Command, Local {}

  /** What is to be evaluated last lies on the shelf. */
  record LearnedTaken(PolicyVersion version) implements Command, Local {}

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

  /** As the run's monitor knows it. */
  public static final String NAME = "learner";

  private static final Duration TICK = Duration.ofMillis(500);

  private final long life;
  private final LearnerSchedule schedule;
  private final LearnerCheckpoints checkpoints = new LearnerCheckpoints();
  private final LearnerCourse course;
  private final LearnerNews news;
  private final EngineWork engine;
  private final BatchAssembly parts = new BatchAssembly();

  private LearnerActor(ActorContext<Command> context, LearnerSurroundings with, long life) {
    super(context);
    this.life = life;
    this.schedule = new LearnerSchedule(with.specification());
    this.course = new LearnerCourse(schedule, checkpoints);
    this.news = new LearnerNews(with, context.getSelf());
    this.engine = new EngineWork(with);
    if (life > 1) {
      news.restarted();
    }
    news.whereToBegin();
  }

  /** Lives again after a failure, at most a few times in ten minutes. */
  public static Behavior<Command> create(LearnerSurroundings with) {
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
      case Begun(var recorded) -> onBegun(recorded);
      case SupervisedDone done -> onSupervised(done);
      case SnapshotTaken taken -> onSnapshot(taken);
      case BatchReady(var batch) -> onBatch(batch);
      case BatchPart part -> parts.add(part).ifPresent(this::onBatch);
      case UpdateDone done -> onUpdated(done);
      case LearnedTaken(var version) -> onLearned(version);
      case Saved saved -> onSaved(saved);
      case CheckpointCounts(var checkpoint) -> onCommitted(checkpoint);
      case KeepBest(var update) -> checkpoints.best(update);
      case Pruned _ -> {}
      case Pause _ -> course.pause();
      case GoOn _ -> onGoOn();
      case Finish(var why) -> onFinish(why);
      case Introduce _ -> introduce();
      case Leave _ -> onLeave();
      case Left _ -> {
        return Behaviors.stopped();
      }
      case Tick _ -> onTick();
      case Refused(var refused, var why) -> onRefused(refused, why);
      case EngineFailed(var doing, var cause) -> onFailed(doing, cause);
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private Behavior<Command> onBrought(long from, Command brought) {
    return from == life ? onMessage(brought) : this;
  }

  // Beginning a life.

  private void onBeginFrom(int newest, Optional<Committed> commit) {
    if (course.isUnopened()) {
      Optional<CheckpointRef> checkpoint = commit.map(Committed::checkpoint);
      checkpoints.beginFrom(checkpoint);
      occupied("opening", engine.open(newest, checkpoint));
    }
  }

  private void onOpened(Opened opened) {
    course.opened(opened.incarnation(), opened.standing());
    news.begin(opened);
  }

  private void onBegun(int recorded) {
    if (course.begun(recorded)) {
      proceed();
    }
  }

  // What comes next, whenever the engine is free.

  private void proceed() {
    switch (course.next()) {
      case WAIT -> {}
      case PRETRAIN -> occupied("a supervised step", engine.pretrain());
      case ANNOUNCE -> occupied("taking a snapshot", engine.snapshot());
      case UPDATE -> update(course.take());
      case SAVE -> save();
      case FINISH -> finish();
      case LEAVE -> context().getSelf().tell(new Left());
    }
  }

  private void onSupervised(SupervisedDone done) {
    course.pretrained(done.standing());
    news.pretrained(done, schedule.supervisedSteps());
    if (schedule.isSupervisedCheckpointDue(done.standing())) {
      save();
    }
    proceed();
  }

  /** The version that reinforcement learning begins with is published, evaluated and saved. */
  private void onSnapshot(SnapshotTaken taken) {
    course.announced();
    checkpoints.awaitVerdict(taken.version().update());
    news.announced(taken, course.where());
    seen();
    if (!checkpoints.has(taken.version().update())) {
      save();
    }
    ask();
    proceed();
  }

  private void ask() {
    course
        .wantedBatch()
        .ifPresent(
            number -> news.wantsBatch(course.incarnation(), number, course.where().firstUpdate()));
  }

  private void onBatch(Batch batch) {
    if (course.offer(batch)) {
      proceed();
    }
  }

  private void update(Batch batch) {
    boolean evaluate = schedule.isEvaluationDue(batch.number());
    occupied("update from batch [" + batch.number() + "]", engine.update(batch, evaluate));
    ask();
  }

  private void onUpdated(UpdateDone done) {
    course.updated(done.standing(), done.step().metrics());
    long number = done.standing().lastBatch();
    done.learned().ifPresent(version -> checkpoints.awaitVerdict(version.update()));
    news.updated(done);
    seen();
    if (schedule.isCheckpointDue(number)) {
      save();
    }
    proceed();
  }

  // Checkpoints.

  private void save() {
    checkpoints.saving();
    context().pipeToSelf(engine.save(), orFailed("saving a checkpoint"));
  }

  private void onSaved(Saved saved) {
    checkpoints.saved(news.written(course.incarnation(), saved));
    proceed();
  }

  private void onCommitted(CheckpointRef checkpoint) {
    checkpoints.committed(checkpoint);
    news.committed(checkpoint);
    context()
        .pipeToSelf(
            engine.prune(checkpoint, checkpoints.kept()), orFailed("removing old checkpoints"));
    proceed();
  }

  // The end.

  private void onGoOn() {
    course.goOn();
    proceed();
  }

  private void onFinish(String why) {
    if (course.finishing().isEmpty()) {
      course.finish(why);
      proceed();
    }
  }

  private void finish() {
    if (news.isLearnedKnown()) {
      onFinished();
    } else {
      occupied("taking what was learned", engine.learned());
    }
  }

  private void onLearned(PolicyVersion version) {
    course.engineRests();
    news.learned(version);
    proceed();
  }

  private void onFinished() {
    course.finished();
    seen();
    tellFinished();
  }

  private void tellFinished() {
    news.finished(course.finishing().orElse(""), course.where(), checkpoints.committed());
  }

  private void onLeave() {
    course.leave();
    if (course.isUnopened()) {
      context().getSelf().tell(new Left());
    } else {
      proceed();
    }
  }

  /** To singletons that began anew elsewhere. */
  private void introduce() {
    if (course.isAnnounced()) {
      LearnerEngine.Standing where = course.where();
      news.introduce(where, schedule.isEvaluationDue(where.lastBatch()), checkpoints.committed());
    }
    if (course.isFinished()) {
      tellFinished();
    }
  }

  // Time.

  /** What wasn't answered is said again. */
  private void onTick() {
    if (course.isUnopened()) {
      news.whereToBegin();
    } else if (course.hasBegun()) {
      news.repeat(checkpoints.uncommitted());
      ask();
    } else {
      news.repeatBeginning();
    }
    if (course.isAnnounced()) {
      seen();
    }
    news.alive(course.waitsFor());
  }

  private void seen() {
    news.seen(engine.idleNanos());
  }

  // The engine's thread, and what goes wrong.

  private <T extends Command> void occupied(String doing, CompletionStage<T> work) {
    course.engineWorks();
    context().pipeToSelf(work, orFailed(doing));
  }

  private <T extends Command> Function2<T, Throwable, Command> orFailed(String doing) {
    return (done, failure) ->
        new FromLife(life, failure == null ? done : new EngineFailed(doing, failure));
  }

  private void onRefused(int refused, String why) {
    if (refused == course.incarnation()) {
      throw new IllegalStateException(
          "the replay actor refused incarnation [" + refused + "]: " + why);
    }
  }

  /** What begins again may go well; what is hopeless fails the run. */
  private void onFailed(String doing, Throwable cause) {
    if (cause instanceof HopelessException hopeless) {
      course.pause();
      news.failed(String.valueOf(hopeless.getMessage()));
    } else {
      throw new IllegalStateException(
          "the learner failed at " + doing + ": " + FirstCause.words(cause), cause);
    }
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop || signal instanceof PreRestart) {
      engine.close();
    }
    return this;
  }
}
