package dev.troupe.actors.ledger;

import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.OnStraggler;
import dev.troupe.protocol.run.ReplaySpecification.Orphans;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Complete groups that wait for a batch, and the cut.
 *
 * <p>A group is complete when every member is recorded or dropped. Order of the cut:
 *
 * <ul>
 *   <li>at lag 0, task order (by group number), so that two runs agree bit by bit;
 *   <li>with {@code on-straggler = hold}, oldest behaviour first, then completion order;
 *   <li>otherwise completion order.
 * </ul>
 *
 * Where scores of a whole batch are compared, its groups all have one verifier.
 *
 * <p>All three are functions of the event sequence alone. Batch n makes update firstUpdate + n, so
 * a group sampled by update u has lag (firstUpdate + n − 1) − u in it: exact, and checked here for
 * every group of every batch, whatever was checked before.
 *
 * <p>{@code reuse} r above 1: a batch needs ⌈groups / r⌉ groups that were never used and fills up
 * with used ones, those with the fewest uses first, as long as they are in time.
 */
class TrajectoryQueue {

  /** What a cut would be. */
  sealed interface Plan {
    /** These groups, in this order. */
    record Cut(List<Long> groups) implements Plan {
      public Cut {
        groups = List.copyOf(groups);
      }
    }

    /** Not yet; {@code why} for the watchdog. */
    record Wait(String why) implements Plan {}
  }

  /** A group that waits; {@code order} tells when it was completed. */
  private static final class Waiting {
    private final GroupAccount account;
    private final long order;
    private boolean fresh;

    private Waiting(GroupAccount account, long order) {
      this.account = account;
      this.order = order;
    }
  }

  private final ReplaySpecification replay;
  private final boolean oneVerifierABatch;
  private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
  private final List<GroupAccount> entered = new ArrayList<>();
  private long completions;
  private long fresh;
  private long changes;

  /**
   * @param oneVerifierABatch whether a batch must not mix verifiers
   */
  TrajectoryQueue(ReplaySpecification replay, boolean oneVerifierABatch) {
    this.replay = replay;
    this.oneVerifierABatch = oneVerifierABatch;
  }

  /** Looks at a group again after an event about it. */
  void note(long number, Ledger ledger) {
    GroupAccount account = ledger.find(number).orElse(null);
    if (account == null || account.isComplete()) {
      changes++;
    }
    if (account != null && belongs(account)) {
      enter(account);
    } else {
      leave(waiting.remove(number));
    }
  }

  private boolean belongs(GroupAccount account) {
    return account.isComplete()
        && !account.scored().isEmpty()
        && account.uses() < replay.reuse()
        && !(account.uses() > 0 && account.isOver());
  }

  private void leave(@Nullable Waiting group) {
    fresh -= group != null && group.fresh ? 1 : 0;
  }

  private void enter(GroupAccount account) {
    Waiting group = waiting.get(account.group().number());
    if (group == null) {
      group = new Waiting(account, completions++);
      waiting.put(account.group().number(), group);
      entered.add(account);
    }
    boolean isFresh = account.uses() == 0;
    fresh += (isFresh ? 1 : 0) - (group.fresh ? 1 : 0);
    group.fresh = isFresh;
  }

  /** Complete groups that no batch has used. */
  long fresh() {
    return fresh;
  }

  /** Counts whatever may make a cut possible that wasn't before. */
  long changes() {
    return changes;
  }

  /** Groups that came here since this was asked last; some may have left again. */
  List<GroupAccount> takeEntered() {
    List<GroupAccount> taken = List.copyOf(entered);
    entered.clear();
    return taken;
  }

  /** Everything that waits, in completion order. */
  List<GroupAccount> all() {
    return waiting.values().stream().map(group -> group.account).toList();
  }

  boolean contains(GroupAccount account) {
    return waiting.containsKey(account.group().number());
  }

  /** Numbers of all groups here, in completion order. */
  List<Long> groups() {
    return List.copyOf(waiting.keySet());
  }

  /**
   * Whether a group that no batch has used was sampled by a version that died with an incarnation,
   * and the recipe drops such groups.
   */
  boolean isOrphaned(GroupAccount account, Ledger ledger) {
    return replay.orphans() == Orphans.DROP && account.uses() == 0 && hasOrphan(account, ledger);
  }

  /** Whether the lag of {@code account} in batch {@code number} exceeds the bound. */
  boolean isStale(GroupAccount account, long number, long firstUpdate) {
    return lag(account.oldestBehaviour(), number, firstUpdate) > replay.policyLagMax();
  }

  /** Updates between the policy that batch {@code number} changes and {@code behaviour}. */
  static long lag(PolicyVersion behaviour, long number, long firstUpdate) {
    return firstUpdate + number - 1 - behaviour.update();
  }

  /** The groups of batch {@code number}; stale and orphaned ones must have been dropped before. */
  Plan plan(Ledger ledger, long number, long firstUpdate) {
    List<GroupAccount> ready = new ArrayList<>(all());
    ready.removeIf(account -> account.uses() > 0 && isStale(account, number, firstUpdate));
    int freshMin = freshMin(replay);
    if (ready.size() < replay.groups() || fresh < freshMin) {
      return new Plan.Wait(
          "[%d] groups are ready, [%d] of them unused; batch [%d] needs [%d], [%d] of them unused"
              .formatted(ready.size(), fresh, number, replay.groups(), freshMin));
    }
    if (replay.onStraggler() == OnStraggler.HOLD) {
      for (GroupAccount account : ledger.unbatchedGroups()) {
        if (!account.isComplete() && number - account.trainedAtGrant() > replay.policyLagMax()) {
          return new Plan.Wait(
              "group [%d] is not complete and would be too old for batch [%d]"
                  .formatted(account.group().number(), number + 1));
        }
      }
    }
    ready.sort(order());
    for (List<GroupAccount> alike : alike(ready)) {
      long unused = alike.stream().filter(account -> account.uses() == 0).count();
      if (alike.size() >= replay.groups() && unused >= freshMin) {
        return new Plan.Cut(
            alike.stream()
                .limit(replay.groups())
                .map(account -> account.group().number())
                .toList());
      }
    }
    return new Plan.Wait(
        "[%d] groups are ready, but not [%d] of one verifier"
            .formatted(ready.size(), replay.groups()));
  }

  /** What may be in a batch together, in the order given. */
  private Collection<List<GroupAccount>> alike(List<GroupAccount> ready) {
    if (!oneVerifierABatch) {
      return List.of(ready);
    }
    Map<VerifierRef, List<GroupAccount>> byVerifier = new LinkedHashMap<>();
    for (GroupAccount account : ready) {
      byVerifier.computeIfAbsent(account.group().verifier(), _ -> new ArrayList<>()).add(account);
    }
    return byVerifier.values();
  }

  /** Whether there can be enough for a batch; looks at no group, so it may be asked often. */
  boolean mayBeEnough() {
    return waiting.size() >= replay.groups() && fresh >= freshMin(replay);
  }

  /** Groups of a batch that no batch has used, at the least. */
  static int freshMin(ReplaySpecification replay) {
    return (replay.groups() + replay.reuse() - 1) / replay.reuse();
  }

  private Comparator<GroupAccount> order() {
    Comparator<GroupAccount> byCompletion = Comparator.comparingLong(this::completionOrder);
    Comparator<GroupAccount> byUses = Comparator.comparingInt(GroupAccount::uses);
    if (replay.policyLagMax() == 0) {
      return byUses.thenComparingLong(account -> account.group().number());
    }
    return switch (replay.onStraggler()) {
      case DROP -> byUses.thenComparing(byCompletion);
      case HOLD ->
          byUses
              .thenComparingLong(account -> account.oldestBehaviour().update())
              .thenComparing(byCompletion);
    };
  }

  private long completionOrder(GroupAccount account) {
    Waiting group = waiting.get(account.group().number());
    return group == null ? Long.MAX_VALUE : group.order;
  }

  private static boolean hasOrphan(GroupAccount account, Ledger ledger) {
    return account.behavioursOfScored().stream().anyMatch(ledger.incarnations()::isOrphan);
  }
}
