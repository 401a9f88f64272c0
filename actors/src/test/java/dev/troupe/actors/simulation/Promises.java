package dev.troupe.actors.simulation;

import dev.troupe.actors.ledger.Effect;
import dev.troupe.actors.ledger.Effect.Reception;
import dev.troupe.actors.ledger.Ledger;
import dev.troupe.actors.ledger.Occupancy;
import dev.troupe.actors.ledger.SimulatedReplay;
import dev.troupe.actors.ledger.TrajectoryState;
import dev.troupe.actors.policy.VersionOrder;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the outside was told, held against the books:
 *
 * <ul>
 *   <li>the conservation law, in the ledger and in plain counting, in every head's memory;
 *   <li>what was acknowledged is never lost: whoever takes over knows every grant, record, batch
 *       and commit that anyone was told of;
 *   <li>batch n is the same whenever it is handed out; each (trajectory, update) pair is once in
 *       the weights; lag, order and uses are checked at the cut ({@link Account});
 *   <li>a swap that was acknowledged is known to whoever takes over; no group mixes verifiers, nor
 *       does a batch whose scores are compared ({@link Account});
 *   <li>a lease has its whole term, a lost node's leases end at once, every grant ends;
 *   <li>a version names one set of weights; caches never go back.
 * </ul>
 */
final class Promises {
  private record Given(TrajectoryId id, int attempt) {}

  private final World world;
  private final Set<Given> granted = new HashSet<>();
  private final Set<TrajectoryId> recorded = new HashSet<>();
  private final Set<TrajectoryId> settled = new HashSet<>();
  private final Map<Long, List<TrajectoryId>> batches = new HashMap<>();
  private final Set<VerifierRef> chosen = new HashSet<>();
  private final Map<List<Long>, String> publishers = new HashMap<>();
  private long committed;
  private int newestEpoch;

  Promises(World world) {
    this.world = world;
  }

  /** A head decided something; nobody knows yet. */
  void decided(Head head, LedgerEvent event) {
    switch (event) {
      case LedgerEvent.Granted granted when granted.lease().attempt() > 1 ->
          world.note(Happening.LEASE_EXPIRED_OR_LOST);
      case LedgerEvent.Dropped dropped when dropped.reason() == DropReason.STALE ->
          world.note(Happening.STALE_DROPPED);
      case LedgerEvent.Dropped dropped when dropped.reason() == DropReason.ORPHANED ->
          world.note(Happening.ORPHAN_DROPPED);
      case LedgerEvent.Dropped dropped when dropped.reason() == DropReason.SWAPPED ->
          world.note(Happening.LEFTOVERS_DROPPED);
      case LedgerEvent.IncarnationBegan began when began.lastBatch() < committed ->
          world.note(Happening.COMMIT_TAKEN_BACK);
      default -> {}
    }
    if (head.epoch() >= newestEpoch && event instanceof LedgerEvent.IncarnationBegan began) {
      committed = Math.min(committed, began.lastBatch());
    }
  }

  /** Something leaves a head: from here on it must never be forgotten. */
  void left(Head head, Effect effect) {
    switch (effect) {
      case Effect.Grant(_, var lease, _) -> {
        for (int member : lease.members().toArray()) {
          granted.add(new Given(new TrajectoryId(lease.group().number(), member), lease.attempt()));
        }
      }
      case Effect.Acknowledge(_, var id, _, var reception) -> {
        if (reception == Reception.SUPERSEDED) {
          world.note(Happening.LATE_COPY_REFUSED);
        } else if (reception == Reception.DUPLICATE) {
          world.note(Happening.DUPLICATE_REFUSED);
        }
        if (reception == Reception.RECORDED) {
          recorded.add(id);
        }
        if (reception == Reception.RECORDED || reception == Reception.DROPPED) {
          settled.add(id);
        }
      }
      case Effect.HandOut(var plan) -> {
        if (batches.containsKey(plan.number())) {
          world.note(Happening.BATCH_HANDED_OUT_AGAIN);
        }
        List<TrajectoryId> before = batches.putIfAbsent(plan.number(), plan.ids());
        require(
            before == null || before.equals(plan.ids()),
            "batch [%d] was %s and is now %s",
            plan.number(),
            before,
            plan.ids());
      }
      case Effect.CommitAcknowledged(var checkpoint) -> {
        if (head.epoch() >= newestEpoch) {
          committed =
              Math.max(
                  committed,
                  Math.min(
                      checkpoint.update() - World.FIRST_UPDATE,
                      head.account().map(Account::committed).orElse(0L)));
        }
      }
      case Effect.VerifierInForce(var verifier) -> chosen.add(verifier.ref());
      case Effect.IncarnationRefused _ -> world.note(Happening.INCARNATION_REFUSED);
      case Effect.Revoke _,
          Effect.BatchRefused _,
          Effect.CommitRefused _,
          Effect.IncarnationAcknowledged _,
          Effect.BudgetSpent _,
          Effect.StopRun _ -> {}
    }
  }

  /** A head has folded what counts: it must know all that was told. */
  void tookOver(Head head, int epoch, SimulatedReplay folded, Account account) {
    if (epoch < newestEpoch) {
      return;
    }
    newestEpoch = epoch;
    for (Given given : granted) {
      require(
          account.attempt(given.id()) >= given.attempt(),
          "attempt [%d] of trajectory [%s] was granted; %s of epoch [%d] knows of [%d]",
          given.attempt(),
          given.id(),
          head,
          epoch,
          account.attempt(given.id()));
    }
    for (TrajectoryId id : recorded) {
      require(
          account.isRecorded(id),
          "trajectory [%s] was acknowledged; %s of epoch [%d] has not recorded it",
          id,
          head,
          epoch);
    }
    for (VerifierRef verifier : chosen) {
      require(
          account.wasChosen(verifier),
          "[%s] was said to be in force; %s of epoch [%d] doesn't know it",
          verifier,
          head,
          epoch);
    }
    require(
        folded.verifier().equals(account.verifier()),
        "%s of epoch [%d] goes on with [%s], chosen was [%s]",
        head,
        epoch,
        folded.verifier(),
        account.verifier());
    batches.forEach(
        (number, ids) ->
            require(
                account.batch(number).filter(ids::equals).isPresent(),
                "batch [%d] was handed out as %s; %s of epoch [%d] knows %s",
                number,
                ids,
                head,
                epoch,
                account.batch(number)));
    sweep(head, folded, account);
  }

  /** After every step of a head. */
  void check(Head head, SimulatedReplay replay, Account account) {
    Ledger ledger = replay.ledger();
    account.compare(ledger.counts(), ledger.committedBatch());
    Occupancy occupancy = replay.occupancy();
    require(
        occupancy.running() <= occupancy.groupsMax() && replay.closedRanges() <= 200,
        "unbounded: %s, [%d] ranges of closed groups",
        occupancy,
        replay.closedRanges());
    if (head.epoch() >= newestEpoch) {
      require(
          ledger.committedBatch() >= committed,
          "the commit of batch [%d] was acknowledged, the ledger says [%d]",
          committed,
          ledger.committedBatch());
    }
  }

  /** Everything that is known of single trajectories, which takes longer. */
  void sweep(Head head, SimulatedReplay replay, Account account) {
    account.compareConsumed(replay.ledger().counts());
    if (head.epoch() < newestEpoch) {
      return;
    }
    for (TrajectoryId id : settled) {
      boolean leased =
          !replay.ledger().isClosed(id.group())
              && replay.ledger().state(id).filter(s -> s != TrajectoryState.LEASED).isEmpty();
      require(!leased, "trajectory [%s] was answered and is now %s", id, replay.ledger().state(id));
    }
  }

  /** Folding what was decided gives what is in memory, also from a summary and what it keeps. */
  void compareFolds(Head head, SimulatedReplay replay) {
    List<LedgerEvent> history = head.history();
    SimulatedReplay folded = world.newReplay();
    history.forEach(folded::recover);
    String known = replay.knowledge();
    requireSame("folded", folded, known);

    LedgerEvent.Summarised summary =
        (LedgerEvent.Summarised) replay.summarise(1, 1).events().getFirst();
    Set<Long> open = replay.openGroups();
    int first = 0;
    while (first < history.size()
        && !(history.get(first) instanceof LedgerEvent.Granted granted
            && open.contains(granted.lease().group().number()))) {
      first++;
    }
    List<LedgerEvent> kept = new ArrayList<>(history.subList(first, history.size()));
    kept.add(summary);
    SimulatedReplay summarised = world.newReplay();
    summarised.startFrom(summary);
    kept.forEach(summarised::recover);
    requireSame("from a summary", summarised, known);
  }

  private static void requireSame(String how, SimulatedReplay folded, String known) {
    String said = folded.knowledge();
    require(said.equals(known), "%s:\n%s\nin memory:\n%s", how, said, known);
  }

  void nodeWasLost(SimulatedReplay replay, String lost) {
    require(!replay.holdsLeases(lost), "[%s] was lost and still holds leases", lost);
  }

  void termEnded(String holder, LeaseId lease, long had, long limit) {
    require(
        had >= limit,
        "%s of [%s] ended after [%d] ms although [%d] were promised",
        lease,
        holder,
        had,
        limit);
  }

  void cacheMoves(Worker worker, PolicyVersion before, PolicyVersion after) {
    require(
        VersionOrder.newer(after, before),
        "the cache of %s goes back from %s to %s",
        worker,
        before,
        after);
  }

  void published(Learner learner, PolicyVersion version) {
    String publisher = learner.name + " in life " + learner.life();
    String other =
        publishers.putIfAbsent(List.of((long) version.incarnation(), version.update()), publisher);
    require(
        other == null || other.equals(publisher),
        "%s was published by %s and by %s",
        version,
        other,
        publisher);
  }

  /** The weights of a checkpoint that a learner was told to begin from. */
  Weights committed(CheckpointRef checkpoint) {
    return world
        .disk()
        .checkpoint(checkpoint)
        .orElseThrow(() -> new AssertionError(checkpoint + " was committed and is not on disk"));
  }

  /** Fails with {@code text}, formatted with {@code values}, unless it {@code holds}. */
  @SuppressWarnings("AnnotateFormatMethod")
  static void require(boolean holds, String text, Object... values) {
    if (!holds) {
      throw new AssertionError(text.formatted(values));
    }
  }
}
