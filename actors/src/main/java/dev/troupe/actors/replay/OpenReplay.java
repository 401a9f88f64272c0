package dev.troupe.actors.replay;

import dev.troupe.actors.EngineThread;
import dev.troupe.actors.journal.Books;
import dev.troupe.actors.journal.JournalFailure;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.ledger.BatchPlan;
import dev.troupe.actors.ledger.Decision;
import dev.troupe.actors.ledger.Effect;
import dev.troupe.actors.ledger.Replay;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.run.RunActor;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.ledger.LedgerEvent.IncarnationBegan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The replay actor while its books are open: each command becomes a decision, which is carried out.
 */
final class OpenReplay {
  private static final int TICKS_TO_COUNT = 2;
  private static final int TICKS_TO_DISK = 8;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private final ActorContext<ReplayActor.Command> context;
  private final ReplayActor.Surroundings with;
  private final long life;
  private final EngineThread io;
  private final Replay replay;
  private final Books books;
  private final Holders holders = new Holders();
  private final KeptStates states;
  private final Questions questions = new Questions();
  private final Departures departures;
  private final ReplayNews news;
  private final ReplayLog log;
  private OptionalLong fromCheckpoint;
  private long decisions;
  private long ticks;
  private long closeByNanos = Long.MAX_VALUE;
  private boolean closing;
  private boolean failed;
  private boolean held;

  /**
   * @param fromCheckpoint where the first learner is to begin, where it isn't the last checkpoint
   */
  OpenReplay(
      ActorContext<ReplayActor.Command> context,
      ReplayActor.Surroundings with,
      long life,
      EngineThread io,
      ReplayActor.Opened opened,
      OptionalLong fromCheckpoint) {
    this.context = context;
    this.with = with;
    this.life = life;
    this.io = io;
    this.replay = opened.replay();
    this.books = opened.opened().books();
    this.fromCheckpoint = fromCheckpoint;
    this.states = opened.states();
    this.departures = new Departures(with, holders, states, this::assemble);
    this.news = new ReplayNews(with, replay);
    this.log = new ReplayLog(String.valueOf(with.directory().root().getFileName()));
  }

  /** Says what was found, and what follows from it. */
  void begin(Books.Opened opened) {
    news.opened();
    departures.leave(opened.effects());
  }

  void onMessage(ReplayActor.Command command) {
    switch (command) {
      case ReplayActor.Demand demand -> onDemand(demand);
      case ReplayActor.Offer(var judged, var rollout) -> {
        if (!books.isFull()) {
          onOffer(judged, rollout);
        }
      }
      case ReplayActor.DoYouRead(var number, var rollout) ->
          questions.ask(rollout, number, books.appended());
      case ReplayActor.WhereToBegin(var asking) -> onWhereToBegin(asking);
      case ReplayActor.BeginIncarnation begin -> onBeginIncarnation(begin);
      case ReplayActor.NextBatch next -> onNextBatch(next);
      case ReplayActor.Updated(var version, var batch, var skipped, var trace) ->
          decided(replay.updated(version, batch, skipped, trace, now()));
      case ReplayActor.CheckpointWritten written -> onCheckpointWritten(written);
      case ReplayActor.Assembled(var batch) -> departures.handOut(batch);
      case ReplayActor.Hold(var why) -> {
        held = true;
        decided(replay.pause(why, now()));
      }
      case ReplayActor.GoOn _ -> {
        held = false;
        decided(replay.resume(now()));
      }
      case ReplayActor.Forgive _ -> decided(replay.forgive(now()));
      case ReplayActor.Swap(var verifier) -> {
        decided(replay.swap(verifier, with.options().clock().millis(), now()));
        news.verifiers();
      }
      case ReplayActor.NodeLost(var lost) -> decided(log.endedLeases(replay.nodeLost(lost, now())));
      case ReplayActor.NodesPresent(var nodes) -> onNodesPresent(nodes);
      case ReplayActor.EndRun(var why) -> {
        if (!closing) {
          decided(replay.endRun(why, now()));
          close();
        }
      }
      case ReplayActor.Close _ -> {
        if (closeByNanos == Long.MAX_VALUE) {
          closeByNanos = now() + CLOSE_PATIENCE.toNanos();
        }
      }
      case ReplayActor.Synced(var position) -> {
        departures.leave(books.synced(position));
        questions.synced(position);
      }
      case ReplayActor.JournalFailed(var failure) -> onJournalFailed(failure);
      case ReplayActor.DiskSeen(var low, var free) -> onDiskSeen(low, free);
      case ReplayActor.Closed _ -> news.closed();
      case ReplayActor.Tick _ -> onTick();
      case ReplayActor.FromLife _,
          ReplayActor.Opened _,
          ReplayActor.OpenFailed _,
          ReplayActor.AssemblyFailed _,
          ReplayActor.Poison _ -> {}
    }
  }

  private void onJournalFailed(JournalFailure failure) {
    if (!failed) {
      failed = true;
      with.run().tell(new RunActor.Fail(failure.message()));
    }
  }

  // Samplers.

  private void onDemand(ReplayActor.Demand demand) {
    if (holders.isNewLife(demand)) {
      decided(log.endedLeases(replay.nodeLost(demand.holder(), now())));
    }
    if (demand.claims()) {
      decided(log.endedLeases(replay.claimed(demand.holder(), demand.held(), now())));
    }
    decided(replay.demand(demand.holder(), holders.open(demand), now()));
  }

  private void onOffer(List<JudgedTrajectory> offered, ActorRef<RolloutActor.Command> rollout) {
    String from = rollout.path().toString();
    departures.offersAs(from, rollout);
    news.judged(offered);
    decided(replay.offer(from, offered, now()));
  }

  /** After a takeover: who held leases when the earlier life ended may be gone since. */
  private void onNodesPresent(Set<String> nodes) {
    for (String holder : replay.holders()) {
      int slash = holder.indexOf('/');
      if (!nodes.contains(slash < 0 ? holder : holder.substring(0, slash))) {
        decided(log.endedLeases(replay.nodeLost(holder, now())));
      }
    }
  }

  // The learner.

  private void onWhereToBegin(ActorRef<LearnerActor.Command> asking) {
    departures.learnerIs(asking);
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

  private void onBeginIncarnation(ReplayActor.BeginIncarnation begin) {
    departures.learnerIs(begin.learner(), begin.incarnation());
    fromCheckpoint = OptionalLong.empty();
    decided(
        replay.incarnationBegan(
            new IncarnationBegan(
                begin.incarnation(), begin.fromUpdate(), begin.lastBatch(), begin.processor()),
            now()));
  }

  private void onNextBatch(ReplayActor.NextBatch next) {
    departures.learnerIs(next.learner(), next.incarnation());
    decided(replay.requestBatch(next.incarnation(), next.number(), next.firstUpdate(), now()));
  }

  private void onCheckpointWritten(ReplayActor.CheckpointWritten written) {
    departures.learnerIs(written.learner());
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
    if (decision.isEmpty()) {
      return;
    }
    decisions++;
    news.dropped(decision.events());
    log.decided(decision);
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.Grant(var holder, var lease, _)) {
        holders.granted(holder, lease.members().size());
      }
    }
    for (LedgerEvent event : decision.events()) {
      states.happened(event);
    }
    news.episodes(states.found(), states.resumed());
    departures.leave(books.carryOut(decision));
  }

  private void assemble(BatchPlan plan) {
    context.pipeToSelf(
        io.submit(() -> books.assemble(plan)),
        (batch, failure) ->
            new ReplayActor.FromLife(
                life,
                failure == null
                    ? new ReplayActor.Assembled(batch)
                    : new ReplayActor.AssemblyFailed(failure)));
  }

  // Time, disk, the end.

  private void onTick() {
    decided(log.endedLeases(replay.tick(now())));
    if (++ticks % TICKS_TO_COUNT == 0) {
      news.counts();
      news.verifiers();
      with.monitor().tell(new MonitorActor.Seen(ReplayActor.NAME, decisions, waitsFor()));
    }
    if (ticks % TICKS_TO_DISK == 0) {
      books.lookAtDisk();
    }
    if (closeByNanos != Long.MAX_VALUE
        && (replay.ledger().counts().leased() == 0 || now() - closeByNanos >= 0)) {
      close();
    }
  }

  private String waitsFor() {
    if (books.effectsWaiting() > 0) {
      return "the journal to sync";
    }
    return replay
        .batchRequested()
        .map(number -> "batch [" + number + "]: " + replay.batchWaitsFor())
        .orElse("the learner to ask for a batch");
  }

  private void onDiskSeen(boolean low, long free) {
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

  private void close() {
    if (!closing) {
      closing = true;
      context.pipeToSelf(
          io.submit(
              () -> {
                books.close();
                return true;
              }),
          (_, failure) ->
              new ReplayActor.FromLife(
                  life,
                  failure == null
                      ? new ReplayActor.Closed()
                      : new ReplayActor.AssemblyFailed(failure)));
    }
  }

  /** The actor ends: what waits is written, and nobody hears of it. */
  void abandon() {
    if (!closing) {
      closing = true;
      io.submit(
          () -> {
            books.close();
            return true;
          });
    }
  }

  private long now() {
    return with.options().nanos().getAsLong();
  }
}
