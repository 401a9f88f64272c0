package dev.troupe.actors.ledger;

import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.OnStraggler;
import dev.troupe.protocol.run.ReplaySpecification.Orphans;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
 * All three are functions of the event sequence alone. Batch n makes update firstUpdate + n, so a
 * group sampled by update u has lag (firstUpdate + n − 1) − u in it: exact, and checked here for
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

  private final ReplaySpecification replay;
  private final Map<Long, Long> completionOrder = new LinkedHashMap<>();
  private long completions;

  TrajectoryQueue(ReplaySpecification replay) {
    this.replay = replay;
  }

  /** Looks at a group again after an event about it; true if it came or went. */
  boolean note(long number, Ledger ledger) {
    GroupAccount account = ledger.find(number).orElse(null);
    boolean belongs =
        account != null
            && account.isComplete()
            && !account.scored().isEmpty()
            && account.uses() < replay.reuse()
            && !(account.uses() > 0 && account.isOver());
    boolean was = completionOrder.containsKey(number);
    if (!belongs) {
      completionOrder.remove(number);
    } else if (!was) {
      completionOrder.put(number, completions++);
    }
    return was != belongs;
  }

  /** Complete groups that no batch has used. */
  long fresh(Ledger ledger) {
    return accounts(ledger).stream().filter(account -> account.uses() == 0).count();
  }

  /** Numbers of all groups here, in completion order. */
  List<Long> groups() {
    return List.copyOf(completionOrder.keySet());
  }

  /** Groups whose trajectories are too old for batch {@code number} and all later ones. */
  List<GroupAccount> stale(Ledger ledger, long number, long firstUpdate) {
    return accounts(ledger).stream()
        .filter(account -> isStale(account, number, firstUpdate))
        .toList();
  }

  /** Groups sampled by versions that died with an incarnation, if the recipe drops them. */
  List<GroupAccount> orphaned(Ledger ledger) {
    return replay.orphans() == Orphans.ADMIT
        ? List.of()
        : accounts(ledger).stream()
            .filter(account -> account.uses() == 0 && hasOrphan(account, ledger))
            .toList();
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
    List<GroupAccount> ready = new ArrayList<>(accounts(ledger));
    ready.removeIf(account -> account.uses() > 0 && isStale(account, number, firstUpdate));
    ready.sort(order());
    long fresh = ready.stream().filter(account -> account.uses() == 0).count();
    int freshMin = (replay.groups() + replay.reuse() - 1) / replay.reuse();
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
    return new Plan.Cut(
        ready.stream().limit(replay.groups()).map(account -> account.group().number()).toList());
  }

  private Comparator<GroupAccount> order() {
    Comparator<GroupAccount> byCompletion =
        Comparator.comparingLong(
            account -> completionOrder.getOrDefault(account.group().number(), Long.MAX_VALUE));
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

  private List<GroupAccount> accounts(Ledger ledger) {
    return completionOrder.keySet().stream()
        .flatMap(number -> ledger.find(number).stream())
        .toList();
  }

  private static boolean hasOrphan(GroupAccount account, Ledger ledger) {
    return account.behavioursOfScored().stream().anyMatch(ledger.incarnations()::isOrphan);
  }
}
