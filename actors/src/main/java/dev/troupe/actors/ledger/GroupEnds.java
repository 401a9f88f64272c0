package dev.troupe.actors.ledger;

import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent.Dropped;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends groups: those that can't teach anything, and those that something else ends. */
final class GroupEnds {
  private final ReplaySpecification replay;
  private final ReplayState state;

  GroupEnds(ReplaySpecification replay, ReplayState state) {
    this.replay = replay;
    this.state = state;
  }

  /** Looks at the groups that this turn changed: drops the ended ones and the useless ones. */
  void settleTouched(Turn turn) {
    for (var next = turn.nextTouched(); next.isPresent(); next = turn.nextTouched()) {
      state
          .ledger()
          .find(next.getAsLong())
          .filter(account -> account.uses() == 0)
          .ifPresent(account -> settle(turn, account));
    }
  }

  private void settle(Turn turn, GroupAccount account) {
    if (account.isOver()) {
      drop(turn, account, DropReason.FILTERED, "its group ended");
      return;
    }
    int size = account.group().size();
    List<TrajectoryId> scored = account.scored();
    if (!account.isComplete() || scored.isEmpty()) {
      return;
    }
    if (scored.size() < Math.min(2, size)) {
      String detail = "[%d] of [%d] members have a score".formatted(scored.size(), size);
      drop(turn, account, DropReason.FILTERED, detail);
    } else if (replay.filterUniform() && size > 1 && account.isUniform()) {
      String detail = "every score is [%s]".formatted(account.firstScore());
      drop(turn, account, DropReason.FILTERED, detail);
    }
  }

  /** The group is too old for batch {@code batch}, in which its lag would be {@code lag}. */
  void dropStale(Turn turn, GroupAccount account, long lag, long batch) {
    String detail =
        "lag [%d] in batch [%d] exceeds [%d]".formatted(lag, batch, replay.policyLagMax());
    drop(turn, account, DropReason.STALE, detail);
  }

  /** Drops what is leased or recorded of a group, and takes its leases away. */
  void drop(Turn turn, GroupAccount account, DropReason reason, String detail) {
    Map<LeaseId, List<TrajectoryId>> revoked = new LinkedHashMap<>();
    Map<LeaseId, String> holders = new LinkedHashMap<>();
    for (TrajectoryId id : account.ids(TrajectoryState.LEASED)) {
      state
          .leases()
          .lease(id)
          .ifPresent(
              lease -> {
                revoked.computeIfAbsent(lease.id(), _ -> new ArrayList<>()).add(id);
                state.leases().holder(id).ifPresent(holder -> holders.put(lease.id(), holder));
              });
      turn.emit(new Dropped(id, reason, detail));
    }
    for (TrajectoryId id : account.ids(TrajectoryState.RECORDED)) {
      turn.emit(new Dropped(id, reason, detail));
    }
    holders.forEach(
        (lease, holder) ->
            turn.show(new Effect.Revoke(holder, lease, revoked.getOrDefault(lease, List.of()))));
  }
}
