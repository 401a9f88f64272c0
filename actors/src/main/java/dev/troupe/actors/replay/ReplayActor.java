package dev.troupe.actors.replay;

import dev.troupe.actors.EngineThread;
import dev.troupe.actors.ThinActor;
import dev.troupe.actors.journal.Books;
import dev.troupe.actors.journal.DamagedJournalException;
import dev.troupe.actors.journal.FencedException;
import dev.troupe.actors.journal.JournalFailure;
import dev.troupe.actors.journal.JournalListener;
import dev.troupe.actors.learner.BatchParts;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.ledger.Apart;
import dev.troupe.actors.ledger.BatchPlan;
import dev.troupe.actors.ledger.Decision;
import dev.troupe.actors.ledger.Effect;
import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.ledger.Replay;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a run's accounts: a shell around {@link Replay}, which decides, and {@link Books}, which
 * remember.
 *
 * <pre>
 *   command ─▶ Replay decides ─▶ events to the journal ─▶ synced ─▶ effects leave as messages
 * </pre>
 *
 * <p>Nothing that a decision did is seen by anyone before the journal covers it. After a failure
 * the actor begins anew from the journal, with an epoch of its own; what reaches it while the
 * journal is read waits.
 */
public final class ReplayActor extends ThinActor<ReplayActor.Command> {

  /** What the replay actor is told. */
  public sealed interface Command {}

  /**
   * A sampler's demand and sign of life.
   *
   * @param life of the sampler; a new one has lost what the earlier one had
   * @param received trajectories granted to this life so far
   * @param wanted trajectories that may have been granted to it by now
   * @param claims whether {@code held} is said; now and then, and as soon as it finds that there is
   *     another replay actor
   * @param held all the leases that it has, to renew
   */
  public record Demand(
      String holder,
      ActorRef<RolloutActor.Command> rollout,
      long life,
      long received,
      long wanted,
      boolean claims,
      List<LeaseId> held)
      implements Command, Wire {
    public Demand {
      held = List.copyOf(held);
    }
  }

  /** Judged trajectories, each for itself; {@code rollout} wants to know when they are recorded. */
  public record Offer(List<JudgedTrajectory> judged, ActorRef<RolloutActor.Command> rollout)
      implements Command, Wire {
    public Offer {
      judged = List.copyOf(judged);
    }
  }

  /**
   * Answer with {@link RolloutActor.ReplayReads} once the journal holds what came before this.
   *
   * @param number of the question, for the answer
   */
  public record DoYouRead(long number, ActorRef<RolloutActor.Command> rollout)
      implements Command, Wire {}

  /** A learner wants to know which checkpoint to begin from. */
  public record WhereToBegin(ActorRef<LearnerActor.Command> learner) implements Command, Wire {}

  /** A learner has the checkpoint of {@code fromUpdate} and wants to begin its life. */
  public record BeginIncarnation(
      int incarnation, long fromUpdate, long lastBatch, ActorRef<LearnerActor.Command> learner)
      implements Command, Wire {}

  /** The learner wants batch {@code number}, which makes update {@code firstUpdate} + number. */
  public record NextBatch(
      int incarnation, long number, long firstUpdate, ActorRef<LearnerActor.Command> learner)
      implements Command, Wire {}

  /** The learner made {@code version} from batch {@code batch} (0: supervised). */
  public record Updated(PolicyVersion version, long batch, boolean skipped)
      implements Command, Wire {}

  /** A checkpoint is durable; it counts once its commit is. */
  public record CheckpointWritten(
      int incarnation,
      CheckpointRef checkpoint,
      long lastBatch,
      long firstUpdate,
      ActorRef<LearnerActor.Command> learner)
      implements Command, Wire {}

  /** Grant nothing any more. */
  public record Hold(String why) implements Command, Wire {}

  /** Grant again. */
  public record GoOn() implements Command, Wire {}

  /** {@code lost}, a node or one holder, works no more: others get what it held. */
  public record NodeLost(String lost) implements Command, Wire {}

  /** These nodes take part; holders on any other are lost. */
  public record NodesPresent(Set<String> nodes) implements Command, Local {
    public NodesPresent {
      nodes = Set.copyOf(nodes);
    }
  }

  /** The run is over: drop what no batch has used, then close. */
  public record EndRun(String why) implements Command, Wire {}

  /** Close resumable, once what is out has come in, or a few seconds have passed. */
  public record Close() implements Command, Wire {}

  record Opened(Books.Opened opened, Replay replay) implements Command, Local {}

  record OpenFailed(Throwable cause) implements Command, Local {}

  record Synced(long position) implements Command, Local {}

  record JournalFailed(JournalFailure failure) implements Command, Local {}

  record Assembled(Batch batch) implements Command, Local {}

  record AssemblyFailed(Throwable cause) implements Command, Local {}

  record DiskSeen(boolean low, long freeBytes) implements Command, Local {}

  record Closed() implements Command, Local {}

  /** What a thread of life {@code life} of this actor brought; an earlier life's is not heard. */
  record FromLife(long life, Command command) implements Command, Local {}

  record Tick() implements Command, Local {}

  /** A sampler's question, which may be answered once the journal is synced so far. */
  private record Question(long number, long position) {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  /** Whom and what the replay actor works with. */
  public record Surroundings(
      RunSpecification specification,
      RunDirectory directory,
      TroupeOptions options,
      LongFunction<Task> tasks,
      VerifierRef verifier,
      String owner,
      String machine,
      ActorRef<RunActor.Command> run,
      ActorRef<MonitorActor.Command> monitor) {}

  private static final String NAME = "replay";
  private static final Duration TICK = Duration.ofMillis(250);
  private static final int TICKS_TO_COUNT = 2;
  private static final int TICKS_TO_DISK = 8;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);
  private static final int EARLY_MAX = 10_000;

  private final Surroundings with;
  private final long life;
  private final EngineThread io;
  private final Holders holders = new Holders();
  private final Map<String, ActorRef<RolloutActor.Command>> offerers = new HashMap<>();
  private final List<Command> early = new ArrayList<>();
  private final Map<ActorRef<RolloutActor.Command>, Question> questions = new LinkedHashMap<>();
  private long synced;
  private @Nullable Replay replay;
  private @Nullable Books books;
  private Optional<ActorRef<LearnerActor.Command>> learner = Optional.empty();
  private OptionalLong fromCheckpoint;
  private int askedBy;
  private long decisions;
  private long ticks;
  private long closeByNanos = Long.MAX_VALUE;
  private boolean closing;
  private boolean stopped;
  private boolean held;
  private @Nullable Task lastTask;
  private long lastGroup;
  private LedgerTotals told = LedgerTotals.none();

  private ReplayActor(ActorContext<Command> context, Surroundings with, long life) {
    super(context);
    this.with = with;
    this.life = life;
    this.fromCheckpoint = life == 1 ? with.options().fromCheckpoint() : OptionalLong.empty();
    if (life > 1) {
      with.monitor().tell(new MonitorActor.Restarted(NAME, "it failed, the log says why"));
    }
    this.io = new EngineThread(with.options().threads(), with.options().nanos());
    context.pipeToSelf(
        io.submit(this::open),
        (opened, failure) ->
            new FromLife(life, failure == null ? opened : new OpenFailed(failure)));
  }

  /** Lives again after a failure, a few times in ten minutes. */
  public static Behavior<Command> create(Surroundings with) {
    long[] lives = {0};
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerAtFixedRate(new Tick(), TICK);
                          return new ReplayActor(context, with, ++lives[0]);
                        })))
        .onFailure(SupervisorStrategy.restart().withLimit(5, Duration.ofMinutes(10)));
  }

  /** On the thread for input and output. */
  private Opened open() {
    RunSpecification specification = with.specification();
    Replay opening =
        new Replay(
            specification.replay(),
            specification.reward(),
            specification.checkpoints(),
            with.tasks(),
            with.verifier());
    Books.Opened opened =
        Books.open(
            with.directory().journal(),
            with.directory().epochs(),
            with.owner(),
            opening,
            specification.replay(),
            with.options().clock().millis(),
            with.machine(),
            now(),
            () -> with.directory().root().toFile().getUsableSpace(),
            with.options().threads(),
            listener(context().getSelf()));
    return new Opened(opened, opening);
  }

  private JournalListener listener(ActorRef<Command> self) {
    return new JournalListener() {
      @Override
      public void synced(long position) {
        self.tell(new FromLife(life, new Synced(position)));
      }

      @Override
      public void failed(JournalFailure failure) {
        self.tell(new FromLife(life, new JournalFailed(failure)));
      }

      @Override
      public void diskLow(boolean low, long freeBytes) {
        self.tell(new FromLife(life, new DiskSeen(low, freeBytes)));
      }

      @Override
      public void beforeSync() {
        with.options().crashHook().accept(CrashPoint.BEFORE_SYNC);
      }
    };
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case FromLife(var from, var brought) -> onBrought(from, brought);
      case Opened(var opened, var opening) -> onOpened(opened, opening);
      case OpenFailed(var cause) -> onOpenFailed(cause);
      case AssemblyFailed(var cause) ->
          throw new IllegalStateException("reading a batch: " + cause.getMessage(), cause);
      case Poison _ -> throw new IllegalStateException("poisoned");
      case Tick _ when replay == null ->
          with.monitor().tell(new MonitorActor.Seen(NAME, 0, "the journal to be read"));
      case Demand _,
          Offer _,
          DoYouRead _,
          WhereToBegin _,
          BeginIncarnation _,
          NextBatch _,
          Updated _,
          CheckpointWritten _,
          Hold _,
          GoOn _,
          NodeLost _,
          NodesPresent _,
          EndRun _,
          Close _,
          Synced _,
          JournalFailed _,
          Assembled _,
          DiskSeen _,
          Closed _,
          Tick _ -> {
        if (replay != null && books != null) {
          onOpenMessage(command, replay, books);
        } else if (early.size() < EARLY_MAX) {
          early.add(command);
        }
      }
    }
    return this;
  }

  private void onBrought(long from, Command brought) {
    if (from == life) {
      onMessage(brought);
    } else if (brought instanceof Opened(var opened, _)) {
      io.submit(
          () -> {
            opened.books().close();
            return true;
          });
    }
  }

  private void onOpenMessage(Command command, Replay replay, Books books) {
    switch (command) {
      case Demand demand -> onDemand(replay, demand);
      case Offer(var judged, var rollout) -> {
        if (!books.isFull()) {
          onOffer(replay, judged, rollout);
        }
      }
      case DoYouRead(var number, var rollout) -> {
        questions.putIfAbsent(rollout, new Question(number, books.appended()));
        answer();
      }
      case WhereToBegin(var asking) -> onWhereToBegin(replay, asking);
      case BeginIncarnation begin -> onBeginIncarnation(replay, begin);
      case NextBatch next -> onNextBatch(replay, next);
      case Updated(var version, var batch, var skipped) ->
          decided(replay.updated(version, batch, skipped, now()));
      case CheckpointWritten written -> onCheckpointWritten(replay, written);
      case Assembled(var batch) -> onAssembled(batch);
      case Hold(var why) -> {
        held = true;
        decided(replay.pause(why, now()));
      }
      case GoOn _ -> {
        held = false;
        decided(replay.resume(now()));
      }
      case NodeLost(var lost) -> decided(endedLeases(replay.nodeLost(lost, now())));
      case NodesPresent(var nodes) -> onNodesPresent(replay, nodes);
      case EndRun(var why) -> {
        if (!closing) {
          decided(replay.endRun(why, now()));
          close(books);
        }
      }
      case Close _ -> {
        if (closeByNanos == Long.MAX_VALUE) {
          closeByNanos = now() + CLOSE_PATIENCE.toNanos();
        }
      }
      case Synced(var position) -> {
        leave(books.synced(position));
        synced = Math.max(synced, position);
        answer();
      }
      case JournalFailed(var failure) -> onJournalFailed(failure);
      case DiskSeen(var low, var free) -> onDiskSeen(replay, low, free);
      case Closed _ ->
          with.run()
              .tell(new RunActor.ReplayClosed(totals(replay), replay.ledger().skippedUpdates()));
      case Tick _ -> onTick(replay, books);
      case FromLife _, Opened _, OpenFailed _, AssemblyFailed _, Poison _ -> {}
    }
  }

  private void onOpened(Books.Opened opened, Replay opening) {
    replay = opening;
    books = opened.books();
    told = totals(opening);
    List<Committed> commits = opening.ledger().commits();
    with.run()
        .tell(
            new RunActor.ReplayReady(
                told,
                opening.ledger().committedBatch(),
                commits.isEmpty() ? Optional.empty() : Optional.of(commits.getLast().checkpoint()),
                opening.ledger().skippedUpdates()));
    leave(opened.effects());
    List<Command> waiting = List.copyOf(early);
    early.clear();
    waiting.forEach(this::onMessage);
  }

  /**
   * Damage doesn't go away by opening again, and who was overtaken must not claim again; whatever
   * else it was may go away.
   */
  private void onOpenFailed(Throwable cause) {
    if (cause instanceof DamagedJournalException || cause instanceof FencedException) {
      stopped = true;
      with.run().tell(new RunActor.Fail(String.valueOf(cause.getMessage())));
    } else {
      throw new IllegalStateException("opening the journal: " + cause.getMessage(), cause);
    }
  }

  private void onJournalFailed(JournalFailure failure) {
    if (!stopped) {
      stopped = true;
      with.run().tell(new RunActor.Fail(failure.message()));
    }
  }

  // Samplers.

  private void onDemand(Replay replay, Demand demand) {
    if (holders.isNewLife(demand)) {
      decided(endedLeases(replay.nodeLost(demand.holder(), now())));
    }
    if (demand.claims()) {
      decided(endedLeases(replay.claimed(demand.holder(), demand.held(), now())));
    }
    decided(replay.demand(demand.holder(), holders.open(demand), now()));
  }

  private void onOffer(
      Replay replay, List<JudgedTrajectory> offered, ActorRef<RolloutActor.Command> rollout) {
    String from = rollout.path().toString();
    offerers.put(from, rollout);
    List<RunEvent> heard = new ArrayList<>(offered.size());
    for (JudgedTrajectory judged : offered) {
      heard.add(new RunEvent.SampleJudged(task(judged.trajectory().id().group()), judged));
    }
    with.monitor().tell(new MonitorActor.Tell(heard));
    decided(replay.offer(from, offered, now()));
  }

  /** Members of a group come one after the other; making their task takes some work. */
  private Task task(long group) {
    Task known = lastTask;
    if (known == null || lastGroup != group) {
      known = with.tasks().apply(group);
      lastTask = known;
      lastGroup = group;
    }
    return known;
  }

  /** Says to those who asked that what they had sent is in the journal. */
  private void answer() {
    questions
        .entrySet()
        .removeIf(
            entry -> {
              boolean covered = entry.getValue().position() <= synced;
              if (covered) {
                entry.getKey().tell(new RolloutActor.ReplayReads(entry.getValue().number()));
              }
              return covered;
            });
  }

  /** After a takeover: who held leases when the earlier life ended may be gone since. */
  private void onNodesPresent(Replay replay, Set<String> nodes) {
    for (String holder : replay.holders()) {
      int slash = holder.indexOf('/');
      if (!nodes.contains(slash < 0 ? holder : holder.substring(0, slash))) {
        decided(endedLeases(replay.nodeLost(holder, now())));
      }
    }
  }

  /** Writes to the log which leases a decision ends without their work being done. */
  private Decision endedLeases(Decision decision) {
    Map<String, List<LeaseId>> leases = new LinkedHashMap<>();
    for (Effect effect : decision.effects()) {
      // Nothing is undone of a lease that is over without its holder having heard of it yet.
      if (effect instanceof Effect.Revoke(var holder, var lease, var undone) && !undone.isEmpty()) {
        leases.computeIfAbsent(holder, _ -> new ArrayList<>()).add(lease);
      }
    }
    leases.forEach(
        (holder, ended) ->
            context()
                .getLog()
                .atInfo()
                .addKeyValue("run", with.directory().root().getFileName())
                .addKeyValue("lease", ended)
                .log("[{}] leases of [{}] end with work undone", ended.size(), holder));
    return decision;
  }

  // The learner.

  private void onWhereToBegin(Replay replay, ActorRef<LearnerActor.Command> asking) {
    learner = Optional.of(asking);
    List<Committed> commits = replay.ledger().commits();
    Optional<Committed> commit =
        commits.isEmpty() ? Optional.empty() : Optional.of(commits.getLast());
    if (fromCheckpoint.isPresent()) {
      long update = fromCheckpoint.getAsLong();
      commit =
          commits.stream().filter(one -> one.checkpoint().update() == update).reduce((a, b) -> b);
      if (commit.isEmpty()) {
        with.run()
            .tell(
                new RunActor.Fail(
                    "no committed checkpoint of step ["
                        + update
                        + "] is kept; there are "
                        + commits.stream().map(one -> one.checkpoint().update()).toList()));
        return;
      }
    }
    asking.tell(new LearnerActor.BeginFrom(replay.ledger().incarnation(), commit));
  }

  private void onBeginIncarnation(Replay replay, BeginIncarnation begin) {
    learner = Optional.of(begin.learner());
    askedBy = begin.incarnation();
    fromCheckpoint = OptionalLong.empty();
    decided(
        replay.incarnationBegan(begin.incarnation(), begin.fromUpdate(), begin.lastBatch(), now()));
  }

  private void onNextBatch(Replay replay, NextBatch next) {
    learner = Optional.of(next.learner());
    askedBy = next.incarnation();
    decided(replay.requestBatch(next.incarnation(), next.number(), next.firstUpdate(), now()));
  }

  private void onCheckpointWritten(Replay replay, CheckpointWritten written) {
    learner = Optional.of(written.learner());
    with.options().crashHook().accept(CrashPoint.AFTER_CHECKPOINT_BEFORE_COMMIT);
    decided(
        replay.checkpointWritten(
            written.incarnation(),
            written.checkpoint(),
            written.lastBatch(),
            written.firstUpdate(),
            now()));
  }

  // Decisions and effects.

  private void decided(Decision decision) {
    Books open = books;
    if (decision.isEmpty() || open == null) {
      return;
    }
    decisions++;
    tellDropped(decision.events());
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.Grant(var holder, var lease, _)) {
        holders.granted(holder, lease.members().size());
      }
    }
    leave(open.carryOut(decision));
  }

  private void tellDropped(List<LedgerEvent> events) {
    List<RunEvent> dropped = new ArrayList<>();
    for (LedgerEvent event : events) {
      if (event instanceof LedgerEvent.Dropped(var id, var reason, var detail, _)) {
        String difficulty = task(id.group()).difficulty();
        dropped.add(new RunEvent.TrajectoryDropped(reason, detail, difficulty));
      }
    }
    if (!dropped.isEmpty()) {
      with.monitor().tell(new MonitorActor.Tell(dropped));
    }
  }

  /** Effects that the journal covers become messages. */
  private void leave(List<Effect> effects) {
    Map<ActorRef<RolloutActor.Command>, List<RolloutActor.Receipt>> receipts =
        new LinkedHashMap<>();
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Grant grant -> leave(grant);
        case Effect.Revoke(var holder, var lease, var ids) ->
            holders
                .find(holder)
                .ifPresent(rollout -> rollout.tell(new RolloutActor.Unwanted(lease, ids)));
        case Effect.Acknowledge(var to, var id, var attempt, _) -> {
          ActorRef<RolloutActor.Command> rollout = offerers.get(to);
          if (rollout != null) {
            receipts
                .computeIfAbsent(rollout, _ -> new ArrayList<>())
                .add(new RolloutActor.Receipt(id, attempt));
          }
        }
        case Effect.HandOut(var plan) -> assemble(plan);
        case Effect.BatchRefused(var number, var why) ->
            tellLearner(new LearnerActor.Refused(askedBy, "batch [" + number + "]: " + why));
        case Effect.CommitAcknowledged(var checkpoint) ->
            tellLearner(new LearnerActor.CheckpointCounts(checkpoint));
        case Effect.CommitRefused(var checkpoint, var why) ->
            tellLearner(
                new LearnerActor.Refused(
                    askedBy, "checkpoint [" + checkpoint.update() + "]: " + why));
        case Effect.IncarnationAcknowledged(var incarnation) ->
            tellLearner(new LearnerActor.Begun(incarnation));
        case Effect.IncarnationRefused(var incarnation, var why) ->
            tellLearner(new LearnerActor.Refused(incarnation, why));
        case Effect.StopRun(var why, var examples) ->
            with.run().tell(new RunActor.Fail(why + "; for example " + examples));
      }
    }
    if (!receipts.isEmpty()) {
      with.options().crashHook().accept(CrashPoint.AFTER_SYNC_BEFORE_RECORDED);
      receipts.forEach((rollout, ids) -> rollout.tell(new RolloutActor.Recorded(ids)));
    }
  }

  private void leave(Effect.Grant grant) {
    holders
        .find(grant.holder())
        .ifPresent(
            rollout -> rollout.tell(new RolloutActor.Work(grant.lease(), grant.updateMin())));
    with.options().crashHook().accept(CrashPoint.AFTER_GRANT);
  }

  private void tellLearner(LearnerActor.Command command) {
    learner.ifPresent(known -> known.tell(command));
  }

  /** A batch's content may have to be read from the disk. */
  private void assemble(BatchPlan plan) {
    Books open = books;
    if (open != null) {
      context()
          .pipeToSelf(
              io.submit(() -> open.assemble(plan)),
              (batch, failure) ->
                  new FromLife(
                      life, failure == null ? new Assembled(batch) : new AssemblyFailed(failure)));
    }
  }

  private void onAssembled(Batch batch) {
    with.options().crashHook().accept(CrashPoint.AFTER_CUT);
    learner.ifPresent(known -> BatchParts.of(batch, known).forEach(known::tell));
  }

  // Time, disk, the end.

  private void onTick(Replay replay, Books books) {
    decided(endedLeases(replay.tick(now())));
    if (++ticks % TICKS_TO_COUNT == 0) {
      LedgerTotals totals = totals(replay);
      if (!totals.equals(told)) {
        told = totals;
        with.run().tell(new RunActor.Counted(totals, replay.ledger().skippedUpdates()));
      }
      with.monitor().tell(new MonitorActor.Seen(NAME, decisions, waitsFor(replay, books)));
    }
    if (ticks % TICKS_TO_DISK == 0) {
      books.lookAtDisk();
    }
    if (closeByNanos != Long.MAX_VALUE
        && (replay.ledger().counts().leased() == 0 || now() - closeByNanos >= 0)) {
      close(books);
    }
  }

  private static String waitsFor(Replay replay, Books books) {
    if (books.effectsWaiting() > 0) {
      return "the journal to sync";
    }
    return replay
        .batchRequested()
        .map(number -> "batch [" + number + "]: " + replay.batchWaitsFor())
        .orElse("the learner to ask for a batch");
  }

  private void onDiskSeen(Replay replay, boolean low, long free) {
    if (low) {
      decided(replay.pause("hardly any disk is left", now()));
      with.run().tell(new RunActor.DiskLow(free, with.specification().replay().diskFreeMin()));
    } else {
      if (!held) {
        decided(replay.resume(now()));
      }
      with.run().tell(new RunActor.DiskFine());
    }
  }

  private void close(Books open) {
    if (!closing) {
      closing = true;
      context()
          .pipeToSelf(
              io.submit(
                  () -> {
                    open.close();
                    return true;
                  }),
              (_, failure) ->
                  new FromLife(life, failure == null ? new Closed() : new AssemblyFailed(failure)));
    }
  }

  private static LedgerTotals totals(Replay replay) {
    LedgerCounts counts = replay.ledger().counts();
    Apart apart = replay.apart();
    return new LedgerTotals(
        counts.granted(),
        counts.leased(),
        counts.recorded(),
        counts.batched(),
        counts.consumed(),
        counts.dropped(),
        apart.duplicates() + apart.superseded() + apart.unwanted() + apart.unknown());
  }

  private long now() {
    return with.options().nanos().getAsLong();
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop || signal instanceof PreRestart) {
      Books open = books;
      if (open != null && !closing) {
        closing = true;
        io.submit(
            () -> {
              open.close();
              return true;
            });
      }
      io.close();
    }
    return this;
  }
}
