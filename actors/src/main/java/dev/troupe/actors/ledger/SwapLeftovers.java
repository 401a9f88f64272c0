package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.run.ReplaySpecification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where all groups of a batch must have one verifier: ends groups of a verifier that was swapped
 * once too few of them are left for a batch of their own. No more of them come, so they would wait,
 * and keep places, for ever.
 */
final class SwapLeftovers {

  /** Groups of one verifier: those that no batch has used, and those that one may use again. */
  private static final class Left {
    private int fresh;
    private int used;
  }

  private final ReplaySpecification replay;
  private final boolean oneVerifierABatch;
  private final ReplayState state;
  private final GroupEnds ends;

  SwapLeftovers(ReplaySpecification replay, LedgerRules rules, ReplayState state, GroupEnds ends) {
    this.replay = replay;
    this.oneVerifierABatch = rules.oneVerifierABatch();
    this.state = state;
    this.ends = ends;
  }

  /** Looks only as long as groups of an earlier verifier are left. */
  void settle(Turn turn) {
    if (!oneVerifierABatch || !state.isSwapped()) {
      return;
    }
    Map<VerifierRef, Left> left = count();
    state.ledger().verifierInForce().ifPresent(inForce -> left.remove(inForce.ref()));
    left.values().removeIf(its -> its.fresh == 0);
    if (left.isEmpty()) {
      state.allOfOneVerifier();
      return;
    }
    left.values().removeIf(this::fillABatch);
    for (GroupAccount account : List.copyOf(state.ledger().unbatchedGroups())) {
      if (left.containsKey(account.group().verifier())) {
        String detail =
            "[%s] was swapped, and batches of [%d] groups mix no verifiers"
                .formatted(account.group().verifier().words(), replay.groups());
        ends.drop(turn, account, DropReason.SWAPPED, detail);
      }
    }
    ends.settleTouched(turn);
  }

  private Map<VerifierRef, Left> count() {
    Map<VerifierRef, Left> left = new LinkedHashMap<>();
    for (GroupAccount account : state.ledger().unbatchedGroups()) {
      left.computeIfAbsent(account.group().verifier(), _ -> new Left()).fresh++;
    }
    for (GroupAccount account : state.queue().all()) {
      if (account.uses() > 0) {
        left.computeIfAbsent(account.group().verifier(), _ -> new Left()).used++;
      }
    }
    return left;
  }

  private boolean fillABatch(Left its) {
    return its.fresh >= TrajectoryQueue.freshMin(replay) && its.fresh + its.used >= replay.groups();
  }
}
