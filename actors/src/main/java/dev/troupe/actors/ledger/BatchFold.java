package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.LedgerEvent.BatchCut;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.ledger.LedgerEvent.IncarnationBegan;
import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Folds what happens to batches: cut, trained on, committed by a checkpoint, or taken back by a
 * learner that began again before it.
 */
final class BatchFold {
  private final LedgerAccounts its;

  BatchFold(LedgerAccounts its) {
    this.its = its;
  }

  void onBatchCut(BatchCut cut) {
    if (its.catchingUpTo != null && cut.number() <= its.oldestKeptBatch) {
      reuseFromSummarised(cut);
      return;
    }
    if (cut.number() != its.lastCut + 1) {
      throw new LedgerException(
          "batch [%d] was cut after batch [%d]".formatted(cut.number(), its.lastCut));
    }
    Set<TrajectoryId> seen = HashSet.newHashSet(cut.ids().size());
    Accounts accounts = new Accounts();
    for (TrajectoryId id : cut.ids()) {
      if (!seen.add(id)) {
        throw new LedgerException(
            "batch [%d] names trajectory [%s] twice".formatted(cut.number(), id));
      }
      GroupAccount account = accounts.of(id);
      TrajectoryState before = LedgerAccounts.granted(account, id);
      boolean again = before == TrajectoryState.BATCHED || before == TrajectoryState.CONSUMED;
      if (!(before == TrajectoryState.RECORDED || (again && account.uses() < its.rules.reuse()))) {
        throw new LedgerException(
            "batch [%d] names trajectory [%s], which is %s and was used [%d] times of [%d]"
                .formatted(cut.number(), id, before, account.uses(), its.rules.reuse()));
      }
      account.state(id.member(), TrajectoryState.BATCHED);
      its.add(before, -1);
      its.add(TrajectoryState.BATCHED, 1);
    }
    int firstUses = 0;
    for (long group : Ledger.groupsOf(cut.ids())) {
      GroupAccount account = its.account(group);
      account.used(cut.number());
      its.unbatched.remove(group);
      firstUses += account.firstBatch() == cut.number() ? 1 : 0;
    }
    its.batches.put(cut.number(), cut.ids());
    its.firstUses.put(cut.number(), firstUses);
    its.lastCut = cut.number();
  }

  /** Looks an account up once for ids of one group that follow each other. */
  private final class Accounts {
    private @Nullable GroupAccount latest;

    GroupAccount of(TrajectoryId id) {
      GroupAccount account = latest;
      if (account == null || account.group().number() != id.group()) {
        account = its.account(id);
        latest = account;
      } else {
        LedgerAccounts.requireMember(account, id);
      }
      return account;
    }
  }

  /** A batch before the kept ones, which used groups that later batches use again. */
  private void reuseFromSummarised(BatchCut cut) {
    for (TrajectoryId id : cut.ids()) {
      GroupAccount account = its.open.get(id.group());
      if (account != null && account.state(id.member()) == TrajectoryState.RECORDED) {
        account.state(id.member(), TrajectoryState.CONSUMED);
        its.add(TrajectoryState.RECORDED, -1);
        its.add(TrajectoryState.CONSUMED, 1);
      }
    }
    for (long group : Ledger.groupsOf(cut.ids())) {
      GroupAccount account = its.open.get(group);
      if (account != null) {
        account.used(cut.number());
        its.unbatched.remove(group);
      }
    }
  }

  void onUpdated(Updated updated) {
    its.newest = Optional.of(updated.version());
    if (updated.skipped()) {
      its.skippedUpdates++;
    }
    if (updated.batch() > 0) {
      if (updated.batch() > its.lastCut) {
        throw new LedgerException(
            "batch [%d] was trained on although [%d] is the last one cut"
                .formatted(updated.batch(), its.lastCut));
      }
      its.trainedBatch = updated.batch();
      its.firstUpdate = Optional.of(updated.version().update() - updated.batch());
    }
  }

  void onIncarnationBegan(IncarnationBegan began) {
    long after = began.lastBatch();
    if (its.catchingUpTo != null) {
      after = Math.max(after, its.oldestKeptBatch);
    } else {
      its.incarnations.began(began);
      abandonCommitsAfter(began.fromUpdate());
    }
    if (after < its.oldestKeptBatch || after > its.lastCut) {
      throw new LedgerException(
          "incarnation [%d] began after batch [%d], which is outside [%d..%d]"
              .formatted(began.incarnation(), after, its.oldestKeptBatch, its.lastCut));
    }
    its.trainedBatch = after;
    if (after < its.committedBatch) {
      while (!its.commits.isEmpty() && its.commits.getLast().lastBatch() > after) {
        its.commits.removeLast();
      }
      moveBatches(after, its.committedBatch, TrajectoryState.CONSUMED, TrajectoryState.BATCHED);
      its.committedBatch = after;
    }
  }

  /** What a learner went back before doesn't count, supervised checkpoints included. */
  private void abandonCommitsAfter(long update) {
    while (!its.commits.isEmpty() && its.commits.getLast().checkpoint().update() > update) {
      its.commits.removeLast();
    }
  }

  void onCommitted(Committed committed) {
    if (!(committed.lastBatch() >= its.committedBatch && committed.lastBatch() <= its.lastCut)) {
      throw new LedgerException(
          "a checkpoint committed batch [%d], which is outside [%d..%d]"
              .formatted(committed.lastBatch(), its.committedBatch, its.lastCut));
    }
    long before = its.committedBatch;
    its.committedBatch = committed.lastBatch();
    its.trainedBatch = Math.max(its.trainedBatch, its.committedBatch);
    moveBatches(before, its.committedBatch, TrajectoryState.BATCHED, TrajectoryState.CONSUMED);
    if (committed.lastBatch() > 0) {
      its.firstUpdate = Optional.of(committed.firstUpdate());
    }
    its.commits.addLast(committed);
    while (its.commits.size() > its.rules.checkpointsKept()) {
      its.commits.removeFirst();
    }
    if (its.commits.size() == its.rules.checkpointsKept()) {
      its.oldestKeptBatch = Math.max(its.oldestKeptBatch, its.commits.getFirst().lastBatch());
    }
    forget();
  }

  /** Batches in (after, through] enter or leave the committed checkpoints. */
  private void moveBatches(long after, long through, TrajectoryState from, TrajectoryState to) {
    boolean committing = to == TrajectoryState.CONSUMED;
    for (List<TrajectoryId> ids : its.batches.subMap(after, false, through, true).values()) {
      its.updates += committing ? ids.size() : -ids.size();
      Accounts accounts = new Accounts();
      for (TrajectoryId id : ids) {
        GroupAccount account = accounts.of(id);
        boolean settled = account.lastBatch() <= its.committedBatch;
        if (account.state(id.member()) == from && (!committing || settled)) {
          account.state(id.member(), to);
          its.add(from, -1);
          its.add(to, 1);
        }
      }
    }
  }

  /** Drops the content of batches that nobody will ask for again, and closes their groups. */
  private void forget() {
    var old = its.batches.headMap(its.oldestKeptBatch, true);
    Set<Long> groups = new HashSet<>();
    for (List<TrajectoryId> ids : old.values()) {
      groups.addAll(Ledger.groupsOf(ids));
      its.forgottenUpdates += ids.size();
    }
    old.clear();
    its.firstUses.headMap(its.oldestKeptBatch, true).clear();
    for (long group : groups) {
      GroupAccount account = its.open.get(group);
      if (account != null) {
        its.closeIfDone(account);
      }
    }
    if (its.rules.reuse() > 1) {
      List.copyOf(its.open.values()).stream()
          .filter(account -> account.uses() > 0)
          .forEach(its::closeIfDone);
    }
  }
}
