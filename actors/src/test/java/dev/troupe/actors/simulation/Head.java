package dev.troupe.actors.simulation;

import dev.troupe.actors.journal.SegmentName;
import dev.troupe.actors.ledger.BatchPlan;
import dev.troupe.actors.ledger.Decision;
import dev.troupe.actors.ledger.Effect;
import dev.troupe.actors.ledger.Outbox;
import dev.troupe.actors.ledger.Samples;
import dev.troupe.actors.ledger.SimulatedReplay;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A head node: stands by, or takes the run over (claim, seal, fold, each at a time of its own) and
 * keeps its books around the real {@code Replay} and {@code Outbox}.
 */
final class Head extends Party {
  private static final long TICK = 10_000;
  private static final long LIMIT = 60_000;

  private int epoch;
  private boolean takingOver;
  private @Nullable SimulatedReplay replay;
  private @Nullable Writer writer;
  private @Nullable Account account;
  private Registry registry = new Registry(this);
  private Outbox outbox = new Outbox();
  private RetentionModel retention;
  private Disk.Accepted accepted = new Disk.Accepted(new TreeMap<>());
  private final Map<String, Address> workers = new HashMap<>();
  private final Map<String, Address> offerers = new HashMap<>();
  private final Map<LeaseId, Long> renewed = new HashMap<>();
  private final List<LedgerEvent> history = new ArrayList<>();
  private Optional<Address> learner = Optional.empty();
  private int askedBy;
  private long openedAt;

  /** Its clock is its own. */
  private long clockOffset;

  Head(World world, String name) {
    super(world, name);
    this.retention = world.newRetention();
  }

  @Override
  void onStart() {
    forget();
    clockOffset = world.random().nextLong(1_000_000_000L);
  }

  @Override
  void onCrash() {
    if (writer != null) {
      writer.crash();
    }
    forget();
  }

  private void forget() {
    replay = null;
    writer = null;
    account = null;
    takingOver = false;
    epoch = 0;
    registry = new Registry(this);
    outbox = new Outbox();
    retention = world.newRetention();
    workers.clear();
    offerers.clear();
    renewed.clear();
    history.clear();
    learner = Optional.empty();
  }

  // ---- taking over ----

  /** Claims, seals, folds. */
  void takeOver() {
    if (takingOver || replay != null) {
      return;
    }
    takingOver = true;
    int claim = world.disk().claimEpoch();
    after(
        world.trouble().takeoverTime(),
        () -> {
          Disk.Accepted sealed = world.disk().seal(claim);
          after(world.trouble().takeoverTime(), () -> open(claim, sealed));
        });
  }

  private void open(int claim, Disk.Accepted sealed) {
    epoch = claim;
    if (world.disk().isFenced(claim)) {
      fenced();
      return;
    }
    accepted = sealed;
    takingOver = false;
    openedAt = world.now();
    SimulatedReplay folded = world.newReplay();
    Optional<LedgerEvent.Summarised> summary = world.disk().summary(sealed);
    summary.ifPresent(folded::startFrom);
    SortedMap<SegmentName, List<LedgerEvent>> kept = world.disk().read(sealed, summary);
    kept.forEach(
        (segment, events) ->
            events.forEach(
                event -> {
                  folded.recover(event);
                  retention.written(event, segment);
                }));
    Account plain = world.newAccount();
    history.addAll(world.disk().everything(sealed));
    history.forEach(plain::take);
    replay = folded;
    account = plain;
    writer = new Writer(this, claim);
    world.note(Happening.TAKEOVER);
    if (summary.isPresent()) {
      world.note(Happening.BEGUN_FROM_A_SUMMARY);
    }
    world.tell(this, "opens epoch", claim);
    world.promises().tookOver(this, claim, folded, plain);
    decided(folded.begin(claim, 0, "simulated", nanos()));
    tick();
  }

  /** A newer writer lives: this process ends itself. */
  void fenced() {
    world.note(Happening.WRITER_FENCED);
    world.tell(this, "is fenced in epoch", epoch);
    crash();
  }

  boolean isOpen() {
    return isAlive() && replay != null;
  }

  boolean isTakingOver() {
    return isAlive() && takingOver;
  }

  int epoch() {
    return epoch;
  }

  Optional<SimulatedReplay> books() {
    return Optional.ofNullable(replay);
  }

  Optional<Account> account() {
    return Optional.ofNullable(account);
  }

  List<LedgerEvent> history() {
    return history;
  }

  RetentionModel retention() {
    return retention;
  }

  private long nanos() {
    return (world.now() + clockOffset) * 1_000_000;
  }

  // ---- what it hears ----

  @Override
  void onMessage(Message message) {
    if (replay == null) {
      return;
    }
    SimulatedReplay its = replay;
    switch (message) {
      case Message.Demand(var worker, var wanted, var held) -> onDemand(its, worker, wanted, held);
      case Message.Offer(var worker, var judged) -> {
        String from = worker.party().name + "#" + worker.life();
        offerers.put(from, worker);
        decided(its.offer(from, judged, nanos()));
      }
      case Message.Swap(var version) -> {
        if (!its.verifiersAtWork().isEmpty()) {
          world.note(Happening.SWAPPED_WHILE_GROUPS_ARE_OPEN);
        }
        decided(its.swap(Samples.verifier(version), world.now(), nanos()));
      }
      case Message.NodeLost(var lost) -> {
        decided(its.nodeLost(lost, nanos()));
        world.promises().nodeWasLost(its, lost);
      }
      case Message.WhereToBegin(var asking) -> {
        List<Committed> commits = its.ledger().commits();
        Optional<Committed> commit =
            commits.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    world.random().nextInt(4) == 0
                        ? commits.get(world.random().nextInt(commits.size()))
                        : commits.getLast());
        send(asking, new Message.BeginFrom(its.ledger().incarnation(), commit));
      }
      case Message.BeginIncarnation(var asking, var life, var from, var last) -> {
        learner = Optional.of(asking);
        askedBy = life;
        decided(its.incarnationBegan(life, from, last, nanos()));
      }
      case Message.NextBatch(var asking, var life, var number) -> {
        learner = Optional.of(asking);
        askedBy = life;
        decided(its.requestBatch(life, number, World.FIRST_UPDATE, nanos()));
      }
      case Message.Updated(var version, var batch) ->
          decided(its.updated(version, batch, false, nanos()));
      case Message.CheckpointWritten(var asking, var life, var checkpoint, var last) -> {
        learner = Optional.of(asking);
        askedBy = life;
        decided(its.checkpointWritten(life, checkpoint, last, World.FIRST_UPDATE, nanos()));
      }
      case Message.Publish(var version) -> registry.publish(version);
      case Message.JoinCache(var cache, var has) -> registry.join(cache, has);
      default -> throw new AssertionError("a head got " + message);
    }
  }

  private void onDemand(SimulatedReplay its, Address worker, int wanted, List<LeaseId> held) {
    String holder = worker.party().name;
    Address known = workers.put(holder, worker);
    if (known != null && known.life() > worker.life()) {
      workers.put(holder, known);
      return;
    }
    if (known != null && known.life() < worker.life()) {
      decided(its.nodeLost(holder, nanos()));
    }
    held.forEach(lease -> renewed.put(lease, world.now()));
    decided(its.claimed(holder, held, nanos()));
    decided(its.demand(holder, wanted, nanos()));
  }

  private void tick() {
    if (writer != null) {
      writer.lookAtDisk();
    }
    if (replay != null) {
      SimulatedReplay its = replay;
      if (world.trouble().hasDiskTrouble()) {
        decided(its.pause("disk", nanos()));
      } else if (its.pausedFor().isPresent()) {
        decided(its.resume(nanos()));
      }
      Decision decision = its.tick(nanos());
      decision.effects().forEach(effect -> requireItsTerm(effect, decision.events()));
      decided(decision);
      world.followers().forEach(party -> send(party, new Message.HeadIs(this, epoch)));
      after(TICK, this::tick);
    }
  }

  /** A lease that time ends has had its whole term since it was granted, renewed or taken over. */
  private void requireItsTerm(Effect effect, List<LedgerEvent> events) {
    if (effect instanceof Effect.Revoke(var holder, var lease, var ids)
        && ids.stream()
            .anyMatch(id -> account != null && !account.isSettled(id) && !isLeftover(id, events))) {
      long since = Math.max(openedAt, renewed.getOrDefault(lease, 0L));
      world.promises().termEnded(holder, lease, world.now() - since, LIMIT);
    }
  }

  /** Too few groups of its verifier were left: its group has ended, not its lease's time. */
  private static boolean isLeftover(TrajectoryId id, List<LedgerEvent> events) {
    return events.stream()
        .anyMatch(
            event ->
                event instanceof LedgerEvent.Dropped dropped
                    && dropped.id().equals(id)
                    && dropped.reason() == DropReason.SWAPPED);
  }

  // ---- decisions and effects ----

  private void decided(Decision made) {
    if (writer == null || account == null || replay == null || made.isEmpty()) {
      return;
    }
    Decision decision = replay.flawed(made);
    boolean committed = false;
    for (LedgerEvent event : decision.events()) {
      account.take(event);
      history.add(event);
      world.promises().decided(this, event);
      committed |= event instanceof Committed;
    }
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.Grant grant) {
        renewed.put(grant.lease().id(), world.now());
      }
    }
    long position = writer.append(decision.events());
    outbox.add(position, decision.effects());
    if (committed) {
      summarise(writer);
    }
    if (world.flaw() == Flaw.EFFECTS_BEFORE_SYNC) {
      outbox.synced(position);
    }
    leave();
  }

  private void summarise(Writer its) {
    if (replay == null) {
      return;
    }
    Optional<SegmentName> first = retention.firstToKeep(replay.openGroups());
    if (first.isPresent()) {
      its.nextSegment();
      Decision summary = replay.summarise(first.get().epoch(), first.get().sequence());
      long position = its.append(summary.events());
      retention.summarised(position, first.get());
      if (world.flaw() == Flaw.DELETED_BEFORE_SUMMARY_SYNCED) {
        delete(position);
      }
    }
  }

  void synced(long position) {
    outbox.synced(position);
    delete(position);
    leave();
  }

  private void delete(long position) {
    Disk.Accepted known = accepted;
    retention
        .due(position)
        .ifPresent(
            first ->
                after(world.trouble().lookTime(), () -> world.disk().deleteBefore(first, known)));
  }

  private void leave() {
    for (Effect effect : outbox.release()) {
      world.promises().left(this, effect);
      switch (effect) {
        case Effect.Grant grant -> tell(workers.get(grant.holder()), new Message.Work(grant));
        case Effect.Revoke(var holder, var lease, var ids) ->
            tell(workers.get(holder), new Message.Unwanted(lease, ids));
        case Effect.Acknowledge(var to, var id, var attempt, _) ->
            tell(offerers.get(to), new Message.Received(id, attempt));
        case Effect.HandOut(BatchPlan plan) -> tellLearner(new Message.BatchReady(plan));
        case Effect.CommitAcknowledged(var checkpoint) ->
            tellLearner(new Message.CheckpointCounts(checkpoint));
        case Effect.IncarnationAcknowledged(var incarnation) ->
            tellLearner(new Message.Begun(incarnation));
        case Effect.IncarnationRefused(var incarnation, _) ->
            tellLearner(new Message.Refused(incarnation));
        case Effect.BatchRefused _, Effect.CommitRefused _ ->
            tellLearner(new Message.Refused(askedBy));
        case Effect.VerifierInForce _ -> {}
        case Effect.BudgetSpent spent -> throw new AssertionError("it waits: " + spent.why());
        case Effect.StopRun stop -> throw new AssertionError("the run stops: " + stop.why());
      }
    }
  }

  private void tell(@Nullable Address worker, Message message) {
    if (worker != null) {
      send(worker, message);
    }
  }

  private void tellLearner(Message message) {
    learner.ifPresent(it -> send(it, message));
  }
}
