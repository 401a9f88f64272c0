package dev.troupe.actors.ledger;

import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent.Dropped;
import dev.troupe.protocol.ledger.LedgerEvent.Granted;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/** Grants work to whoever asks while the gate is open, and again what was lost. */
final class Grants {
  private final ReplaySpecification replay;
  private final LongFunction<Task> tasks;
  private final LagGate gate;
  private final ReplayState state;
  private final Map<String, Integer> demands = new LinkedHashMap<>();
  private final VerifierRef recipes;
  private Optional<String> paused = Optional.empty();
  private boolean behind;
  private long leaseNumber;

  Grants(
      ReplaySpecification replay,
      LongFunction<Task> tasks,
      VerifierRef recipes,
      ReplayState state) {
    this.replay = replay;
    this.tasks = tasks;
    this.recipes = recipes;
    this.state = state;
    this.gate = new LagGate(replay.policyLagMax(), replay.groups());
  }

  /** Replaces the last demand of {@code holder}. */
  void demand(String holder, int wanted) {
    demands.remove(holder);
    if (wanted > 0 && demands.size() < Replay.HOLDERS_MAX) {
      demands.put(holder, wanted);
    }
  }

  void renew(Turn turn, String holder, LeaseId lease) {
    if (!state.leases().renew(lease, turn.nowNanos())) {
      turn.show(new Effect.Revoke(holder, lease, List.of()));
    }
  }

  /** A holder, or all those whose name begins with {@code lost} and a slash, are gone. */
  void lost(Turn turn, String lost) {
    for (String holder : state.leases().holders()) {
      if (isPartOf(holder, lost)) {
        endLeases(turn, state.leases().revoke(holder));
      }
    }
    demands.keySet().removeIf(holder -> isPartOf(holder, lost));
  }

  /** What a holder says that it has, and the grants of an earlier life that never reached it. */
  void claimed(Turn turn, String holder, List<LeaseId> held) {
    endLeases(turn, state.leases().claimed(holder, Set.copyOf(held)));
    held.forEach(lease -> renew(turn, holder, lease));
  }

  void expire(Turn turn) {
    endLeases(turn, state.leases().expire(turn.nowNanos()));
  }

  void pause(String why) {
    paused = Optional.of(why);
  }

  void resume() {
    paused = Optional.empty();
  }

  Optional<String> pausedFor() {
    return paused;
  }

  void journalIsBehind(boolean isBehind) {
    behind = isBehind;
  }

  /** Who judges groups that begin now. */
  VerifierRef verifier() {
    return state.ledger().verifierInForce().map(VerifierVersion::ref).orElse(recipes);
  }

  private void endLeases(Turn turn, List<LeaseBook.Ended> ended) {
    for (LeaseBook.Ended end : ended) {
      turn.show(new Effect.Revoke(end.holder(), end.lease().id(), end.undone()));
      if (end.lease().attempt() >= Replay.LEASE_ATTEMPTS_MAX) {
        DropReason reason =
            switch (end.loss()) {
              case EXPIRED -> DropReason.LEASE_EXPIRED;
              case NODE_LOST -> DropReason.NODE_LOST;
            };
        for (TrajectoryId id : end.undone()) {
          turn.emit(
              new Dropped(id, reason, "after [%d] grants".formatted(Replay.LEASE_ATTEMPTS_MAX)));
        }
      }
    }
  }

  /** Grants as long as somebody wants and something may be granted. */
  void fill(Turn turn) {
    if (behind
        || paused.isPresent()
        || state.isOverBudget()
        || state.isStopped()
        || state.firstUpdate().isEmpty()) {
      return;
    }
    var waiting = demands.entrySet().iterator();
    while (waiting.hasNext()) {
      var demand = waiting.next();
      int wanted = demand.getValue();
      while (wanted > 0) {
        Optional<Effect.Grant> grant = grant(turn, demand.getKey(), wanted);
        if (grant.isEmpty()) {
          demand.setValue(wanted);
          return;
        }
        wanted -= grant.get().lease().members().size();
      }
      waiting.remove();
    }
  }

  /** Grants loose work first, then what is left of started groups, then a new group. */
  private Optional<Effect.Grant> grant(Turn turn, String holder, int wanted) {
    if (!state.leases().loose().isEmpty()) {
      return Optional.of(grantLoose(turn, holder, wanted));
    }
    Optional<GroupAccount> started = state.ledger().firstPartlyGranted();
    if (started.isPresent()) {
      GroupAccount account = started.get();
      return Optional.of(grant(turn, holder, account.group(), account.ungranted(), wanted, 1, 0));
    }
    Occupancy occupancy = occupancy();
    if (!gate.isOpen(occupancy.running(), occupancy.queued(), occupancy.inTraining())) {
      return Optional.empty();
    }
    long number = state.ledger().nextGroup();
    Group group = new Group(number, tasks.apply(number), replay.groupSize(), verifier());
    List<Integer> members = new ArrayList<>();
    for (int member = 0; member < group.size(); member++) {
      members.add(member);
    }
    long ahead = occupancy.running() + occupancy.queued();
    return Optional.of(grant(turn, holder, group, members, wanted, 1, ahead));
  }

  private Effect.Grant grantLoose(Turn turn, String holder, int wanted) {
    TrajectoryId first = state.leases().loose().keySet().iterator().next();
    int attempt = state.ledger().attempt(first);
    List<Integer> members = new ArrayList<>();
    for (TrajectoryId id : state.leases().loose().keySet()) {
      if (id.group() != first.group()) {
        break;
      }
      if (state.ledger().attempt(id) == attempt) {
        members.add(id.member());
      }
    }
    Group group = state.ledger().find(first.group()).orElseThrow().group();
    return grant(turn, holder, group, members, wanted, attempt + 1, 0);
  }

  private Effect.Grant grant(
      Turn turn,
      String holder,
      Group group,
      List<Integer> members,
      int wanted,
      int attempt,
      long ahead) {
    int[] chosen = members.stream().limit(wanted).mapToInt(Integer::intValue).toArray();
    Lease lease =
        new Lease(
            new LeaseId(state.ledger().epoch(), ++leaseNumber),
            group,
            IntArray.of(chosen),
            attempt,
            replay.leaseLimit());
    turn.emit(new Granted(lease, holder));
    long updateMin =
        gate.oldestUpdate(state.firstUpdate().orElse(0L), state.ledger().lastCut() + 1, ahead);
    Effect.Grant grant = new Effect.Grant(holder, lease, updateMin);
    turn.show(grant);
    return grant;
  }

  private static boolean isPartOf(String holder, String lost) {
    return holder.equals(lost) || holder.startsWith(lost + "/");
  }

  /** What the gate sees. */
  Occupancy occupancy() {
    long queued = state.queue().fresh();
    return new Occupancy(
        state.ledger().unbatchedGroups().size() - queued,
        queued,
        state.ledger().groupsInTraining(state.trained()),
        gate.groupsMax());
  }
}
