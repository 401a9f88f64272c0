package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent.Dropped;
import dev.troupe.protocol.ledger.LedgerEvent.Granted;
import dev.troupe.protocol.ledger.LedgerEvent.Recorded;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;

/** Folds what happens to single trajectories: granted, recorded, dropped. */
final class TrajectoryFold {
  private final LedgerAccounts its;

  TrajectoryFold(LedgerAccounts its) {
    this.its = its;
  }

  void onGranted(Granted grant) {
    var lease = grant.lease();
    long number = lease.group().number();
    GroupAccount account = its.open.get(number);
    if (account == null) {
      if (its.closed.contains(number)) {
        throw new LedgerException("group [%d] was granted after it was closed".formatted(number));
      }
      account = new GroupAccount(lease.group(), trainedAtGrant());
      its.open.put(number, account);
      its.unbatched.put(number, account);
      its.nextGroup = Math.max(its.nextGroup, number + 1);
    }
    for (int member : lease.members().toArray()) {
      if (lease.attempt() != account.attempt(member) + 1) {
        throw new LedgerException(
            "attempt [%d] of trajectory [%d.%d] was granted after attempt [%d]"
                .formatted(lease.attempt(), number, member, account.attempt(member)));
      }
      if (lease.attempt() == 1) {
        its.granted++;
        its.add(TrajectoryState.LEASED, 1);
        account.state(member, TrajectoryState.LEASED);
      }
      if (account.state(member) != TrajectoryState.LEASED) {
        throw new LedgerException(
            "trajectory [%d.%d] was granted again although it is %s"
                .formatted(number, member, account.state(member)));
      }
      account.attempt(member, lease.attempt());
    }
    if (account.hasUngranted()) {
      its.partlyGranted.put(number, account);
    } else {
      its.partlyGranted.remove(number);
    }
  }

  /** Before the first kept update is reached again, how much was trained isn't known: nothing. */
  private long trainedAtGrant() {
    return its.catchingUpTo != null && its.trainedBatch == its.oldestKeptBatch
        ? 0
        : its.trainedBatch;
  }

  void onRecorded(Recorded recorded) {
    Trajectory trajectory = recorded.trajectory().trajectory();
    TrajectoryId id = trajectory.id();
    GroupAccount account = its.account(id);
    if (!recorded.trajectory().verifier().equals(account.group().verifier())) {
      throw new LedgerException(
          "trajectory [%s] was judged by [%s], its group is judged by [%s]"
              .formatted(
                  id,
                  recorded.trajectory().verifier().words(),
                  account.group().verifier().words()));
    }
    if (account.state(id.member()) != TrajectoryState.LEASED) {
      throw new LedgerException(
          "trajectory [%s] was recorded although it is %s"
              .formatted(id, account.state(id.member())));
    }
    if (account.attempt(id.member()) != trajectory.attempt()) {
      throw new LedgerException(
          "attempt [%d] of trajectory [%s] was recorded although attempt [%d] is out"
              .formatted(trajectory.attempt(), id, account.attempt(id.member())));
    }
    account.recorded(
        id.member(),
        Scores.of(recorded.trajectory()),
        Lengths.of(trajectory),
        trajectory.behaviour());
    its.add(TrajectoryState.LEASED, -1);
    its.add(TrajectoryState.RECORDED, 1);
    if (its.verifiers.isInForce(account.group().verifier())) {
      its.failures.scored();
    }
  }

  void onDropped(Dropped dropped) {
    TrajectoryId id = dropped.id();
    GroupAccount account = its.account(id);
    TrajectoryState before = LedgerAccounts.granted(account, id);
    if (!(before == TrajectoryState.LEASED
        || before == TrajectoryState.RECORDED
        || before == TrajectoryState.BATCHED)) {
      throw new LedgerException(
          "trajectory [%s] was dropped although it is %s".formatted(id, before));
    }
    account.dropped(id.member(), dropped.reason(), dropped.length());
    its.add(before, -1);
    its.add(TrajectoryState.DROPPED, 1);
    its.drops.add(
        dropped.reason(), account.group().task().difficulty(), account.length(id.member()));
    if (endsGroup(dropped.reason())) {
      account.over();
      its.partlyGranted.remove(id.group());
    }
    if (Ledger.isRewardFailure(dropped.reason())
        && its.verifiers.isInForce(account.group().verifier())) {
      its.failures.failed(id + " " + dropped.reason() + ": " + dropped.detail());
    }
    its.closeIfDone(account);
  }

  /** Whether a drop for this reason always takes the whole group. */
  private boolean endsGroup(DropReason reason) {
    return switch (reason) {
      case STALE, FILTERED, EVICTED, ORPHANED, RUN_ENDED, SWAPPED -> true;
      case LEASE_EXPIRED, NODE_LOST, REWARD_INVALID, REWARD_TIMED_OUT, REWARD_CRASHED ->
          its.rules.dropGroup();
    };
  }
}
