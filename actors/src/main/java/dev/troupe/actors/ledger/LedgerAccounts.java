package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.ledger.LedgerEvent.Summarised;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger holds: the open groups, what is left of the closed ones, the batches that may be
 * asked for again, and the counts. Only the folds change it: {@link TrajectoryFold}, {@link
 * BatchFold}, {@link SummaryFold}; readers go through {@link Ledger}.
 */
final class LedgerAccounts {
  final LedgerRules rules;
  final TreeMap<Long, GroupAccount> open = new TreeMap<>();
  final TreeMap<Long, GroupAccount> unbatched = new TreeMap<>();

  /** Those of them with members that were never granted and may be. */
  final TreeMap<Long, GroupAccount> partlyGranted = new TreeMap<>();

  final ClosedGroups closed = new ClosedGroups();
  final Drops drops = new Drops();
  final FailureWindow failures = new FailureWindow();
  final ChosenVerifiers verifiers = new ChosenVerifiers();
  final Incarnations incarnations = new Incarnations();
  final TreeMap<Long, List<TrajectoryId>> batches = new TreeMap<>();

  /** For each of these batches, how many of its groups no earlier batch had used. */
  final TreeMap<Long, Integer> firstUses = new TreeMap<>();

  final ArrayDeque<Committed> commits = new ArrayDeque<>();
  final EnumMap<TrajectoryState, Long> counts = new EnumMap<>(TrajectoryState.class);
  long granted;
  long updates;
  long nextGroup;
  long lastCut;
  long trainedBatch;
  long committedBatch;
  long oldestKeptBatch;
  long skippedUpdates;
  Optional<Long> firstUpdate = Optional.empty();
  Optional<PolicyVersion> newest = Optional.empty();
  int epoch;
  long forgottenUpdates;

  /** While the segments that a summary kept are folded up to it. */
  @Nullable Summarised catchingUpTo;

  LedgerAccounts(LedgerRules rules) {
    this.rules = rules;
    for (TrajectoryState state : TrajectoryState.values()) {
      counts.put(state, 0L);
    }
  }

  GroupAccount account(TrajectoryId id) {
    GroupAccount account = account(id.group());
    requireMember(account, id);
    return account;
  }

  static void requireMember(GroupAccount account, TrajectoryId id) {
    if (!(id.member() >= 0 && id.member() < account.group().size())) {
      throw new LedgerException(
          "trajectory [%s] is outside its group of [%d]".formatted(id, account.group().size()));
    }
  }

  GroupAccount account(long group) {
    GroupAccount account = open.get(group);
    if (account == null) {
      throw new LedgerException(
          "group [%d] is %s".formatted(group, closed.contains(group) ? "closed" : "unknown"));
    }
    return account;
  }

  static TrajectoryState granted(GroupAccount account, TrajectoryId id) {
    TrajectoryState state = account.state(id.member());
    if (state == null) {
      throw new LedgerException("trajectory [%s] was never granted".formatted(id));
    }
    return state;
  }

  long count(TrajectoryState state) {
    return counts.getOrDefault(state, 0L);
  }

  void add(TrajectoryState state, long change) {
    counts.merge(state, change, Long::sum);
  }

  /** Leaves only counts of a group to which nothing can happen any more. */
  void closeIfDone(GroupAccount account) {
    boolean alive =
        !account.isComplete()
            || account.hasAny(TrajectoryState.RECORDED)
            || account.hasAny(TrajectoryState.BATCHED)
            || (account.hasAny(TrajectoryState.CONSUMED)
                && (account.lastBatch() > oldestKeptBatch || isReusable(account)));
    if (!alive) {
      open.remove(account.group().number());
      unbatched.remove(account.group().number());
      partlyGranted.remove(account.group().number());
      closed.close(account);
    }
  }

  /** Whether a later batch may still use this group, which was used before. */
  boolean isReusable(GroupAccount account) {
    return account.uses() < rules.reuse()
        && !account.scored().isEmpty()
        && firstUpdate.isPresent()
        && firstUpdate.get() + lastCut - account.oldestBehaviour().update() <= rules.policyLagMax();
  }
}
