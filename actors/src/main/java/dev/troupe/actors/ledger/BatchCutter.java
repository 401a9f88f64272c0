package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent.BatchCut;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cuts the batches that the learner asks for, and hands out again those that are cut. */
final class BatchCutter {
  private final ReplayState state;
  private final GroupEnds ends;
  private Optional<Long> requested = Optional.empty();
  private boolean lookAtAll;
  private long lookedAtChanges = -1;

  BatchCutter(ReplayState state, GroupEnds ends) {
    this.state = state;
    this.ends = ends;
  }

  /** The learner wants batch {@code number}: handed out at once if it is cut, else awaited. */
  void request(Turn turn, int incarnation, long number, long firstUpdate) {
    Optional<String> refusal = refusal(incarnation, number, firstUpdate);
    if (refusal.isPresent()) {
      turn.show(new Effect.BatchRefused(number, refusal.get()));
      return;
    }
    state.learnerIsAt(Math.max(state.trained(), number - 1), Optional.of(firstUpdate));
    if (number <= state.ledger().lastCut()) {
      turn.show(new Effect.HandOut(plan(number)));
    } else {
      requested = Optional.of(number);
      lookAtAll = true;
    }
  }

  /** A learner that began anew will ask for itself. */
  void forgetRequest() {
    requested = Optional.empty();
  }

  /**
   * Cuts the batch that is waited for, if enough is there. It is asked after every decision, so it
   * looks only at what came since it looked last, and at everything only when a batch may be cut.
   */
  void tryCut(Turn turn) {
    TrajectoryQueue queue = state.queue();
    List<GroupAccount> entered = queue.takeEntered();
    if (requested.isEmpty() || state.firstUpdate().isEmpty()) {
      return;
    }
    long number = requested.get();
    long first = state.firstUpdate().get();
    dropUnusable(turn, lookAtAll ? queue.all() : entered, number, first);
    boolean news = lookAtAll || lookedAtChanges != queue.changes();
    lookAtAll = false;
    lookedAtChanges = queue.changes();
    if (!news || !queue.mayBeEnough()) {
      return;
    }
    switch (queue.plan(state.ledger(), number, first)) {
      case TrajectoryQueue.Plan.Wait _ -> {}
      case TrajectoryQueue.Plan.Cut cut -> {
        List<TrajectoryId> ids = new ArrayList<>();
        for (long group : cut.groups()) {
          ids.addAll(state.ledger().find(group).orElseThrow().scored());
        }
        turn.emit(new BatchCut(number, ids));
        requested = Optional.empty();
        turn.show(new Effect.HandOut(plan(number)));
      }
    }
  }

  /** Drops what no batch from {@code number} on may use. */
  private void dropUnusable(Turn turn, List<GroupAccount> groups, long number, long first) {
    for (GroupAccount account : groups) {
      if (!state.queue().contains(account) || account.uses() > 0) {
        continue;
      }
      if (state.queue().isStale(account, number, first)) {
        long lag = TrajectoryQueue.lag(account.oldestBehaviour(), number, first);
        ends.dropStale(turn, account, lag, number);
      } else if (state.queue().isOrphaned(account, state.ledger())) {
        String detail = "sampled by [%s]".formatted(account.oldestBehaviour());
        ends.drop(turn, account, DropReason.ORPHANED, detail);
      }
    }
  }

  private BatchPlan plan(long number) {
    List<TrajectoryId> ids = state.ledger().batch(number).orElseThrow();
    Map<Long, List<TrajectoryId>> byGroup = new LinkedHashMap<>();
    for (TrajectoryId id : ids) {
      byGroup.computeIfAbsent(id.group(), _ -> new ArrayList<>()).add(id);
    }
    List<BatchPlan.PlannedGroup> groups = new ArrayList<>();
    byGroup.forEach(
        (group, members) ->
            groups.add(
                new BatchPlan.PlannedGroup(
                    state.ledger().find(group).orElseThrow().group(), members)));
    return new BatchPlan(number, groups);
  }

  private Optional<String> refusal(int incarnation, long number, long first) {
    if (incarnation != state.ledger().incarnation()) {
      return Optional.of(
          "incarnation [%d] asked, but [%d] has begun"
              .formatted(incarnation, state.ledger().incarnation()));
    }
    if (number <= state.ledger().oldestKeptBatch() || number > state.ledger().lastCut() + 1) {
      return Optional.of(
          "batches [%d..%d] can be asked for, got [%d]"
              .formatted(
                  state.ledger().oldestKeptBatch() + 1, state.ledger().lastCut() + 1, number));
    }
    Optional<Long> known = state.ledger().firstUpdate();
    return known.isPresent() && known.get() != first
        ? Optional.of(
            "reinforcement learning began at update [%d], got [%d]".formatted(known.get(), first))
        : Optional.empty();
  }

  /** The batch that the learner waits for; empty if it waits for none. */
  Optional<Long> requested() {
    return requested;
  }

  /** Why it isn't cut yet; empty text if none waits. */
  String waitsFor() {
    if (requested.isEmpty() || state.firstUpdate().isEmpty()) {
      return "";
    }
    long first = state.firstUpdate().get();
    return switch (state.queue().plan(state.ledger(), requested.get(), first)) {
      case TrajectoryQueue.Plan.Wait(var why) -> why;
      case TrajectoryQueue.Plan.Cut _ -> "";
    };
  }
}
