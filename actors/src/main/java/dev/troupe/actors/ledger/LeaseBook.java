package dev.troupe.actors.ledger;

import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who holds which work until when.
 *
 * <p>A lease ends by being fulfilled, by its holder being lost, or by expiry. The ids of an ended
 * lease that weren't delivered are <i>loose</i>: they are handed out again before anything else.
 * Until that happens the attempt that was out is still the latest one, and its trajectories are
 * welcome if they arrive after all.
 *
 * <p>Deadlines are on a monotonic clock that the caller reads; they are not journaled: after a
 * takeover every lease starts its term again ({@link #restartTerms}).
 */
class LeaseBook {

  /** Why a lease ended with work undone. */
  enum Loss {
    EXPIRED,
    NODE_LOST
  }

  /** A lease that ended, and what of it is undone. */
  record Ended(Lease lease, String holder, Loss loss, List<TrajectoryId> undone) {}

  private static final class Entry {
    final Lease lease;
    final String holder;
    final TreeSet<TrajectoryId> undone = new TreeSet<>();
    long deadlineNanos;

    /**
     * Whether it was granted before a takeover, and its holder has not said since that it has it.
     */
    boolean unclaimed;

    Entry(Lease lease, String holder, long deadlineNanos) {
      this.lease = lease;
      this.holder = holder;
      this.deadlineNanos = deadlineNanos;
      for (int member : lease.members().toArray()) {
        undone.add(new TrajectoryId(lease.group().number(), member));
      }
    }
  }

  private final Map<LeaseId, Entry> entries = new LinkedHashMap<>();
  private final TreeMap<String, Map<LeaseId, Entry>> byHolder = new TreeMap<>();
  private final Map<TrajectoryId, Entry> holding = new HashMap<>();
  private final TreeMap<TrajectoryId, Loss> loose = new TreeMap<>();

  /** No deadline comes before this one; renewals let it lie in the past. */
  private long earliestNanos;

  /** A lease was granted. */
  void granted(Lease lease, String holder, long nowNanos) {
    Entry entry = new Entry(lease, holder, nowNanos + lease.limit().toNanos());
    if (entries.isEmpty() || entry.deadlineNanos - earliestNanos < 0) {
      earliestNanos = entry.deadlineNanos;
    }
    entries.put(lease.id(), entry);
    byHolder.computeIfAbsent(holder, _ -> new LinkedHashMap<>()).put(lease.id(), entry);
    for (TrajectoryId id : entry.undone) {
      Entry earlier = holding.put(id, entry);
      if (earlier != null) {
        leave(earlier, id);
      }
      loose.remove(id);
    }
  }

  /** Nothing more is to be done for {@code id}: it was recorded or dropped. */
  void done(TrajectoryId id) {
    loose.remove(id);
    Entry entry = holding.remove(id);
    if (entry != null) {
      leave(entry, id);
    }
  }

  /** The holder is alive: its term starts again. False if the lease isn't out any more. */
  boolean renew(LeaseId id, long nowNanos) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return false;
    }
    entry.deadlineNanos = nowNanos + entry.lease.limit().toNanos();
    return true;
  }

  /** Every term starts again, as after a takeover. */
  void restartTerms(long nowNanos) {
    for (Entry entry : entries.values()) {
      entry.deadlineNanos = nowNanos + entry.lease.limit().toNanos();
      entry.unclaimed = true;
    }
    earliestNanos = nextDeadlineNanos().orElse(nowNanos);
  }

  /** Ends the leases whose deadline has passed, in the order they were granted. */
  List<Ended> expire(long nowNanos) {
    if (entries.isEmpty() || earliestNanos - nowNanos > 0) {
      return List.of();
    }
    List<Entry> over =
        entries.values().stream().filter(entry -> entry.deadlineNanos - nowNanos <= 0).toList();
    List<Ended> ended = end(Loss.EXPIRED, over);
    earliestNanos = nextDeadlineNanos().orElse(nowNanos);
    return ended;
  }

  /** Ends all leases of a holder. */
  List<Ended> revoke(String holder) {
    return end(Loss.NODE_LOST, List.copyOf(byHolder.getOrDefault(holder, Map.of()).values()));
  }

  /**
   * {@code held} is all that {@code holder} has. Ends what it was granted before a takeover and
   * never got, for the grant was lost with who made it.
   */
  List<Ended> claimed(String holder, Set<LeaseId> held) {
    List<Entry> never = new ArrayList<>();
    for (Entry entry : byHolder.getOrDefault(holder, Map.of()).values()) {
      if (entry.unclaimed && !held.contains(entry.lease.id())) {
        never.add(entry);
      }
      entry.unclaimed = false;
    }
    return end(Loss.NODE_LOST, never);
  }

  /** Who holds {@code id}; empty if it is loose, done or unknown. */
  Optional<String> holder(TrajectoryId id) {
    return Optional.ofNullable(holding.get(id)).map(entry -> entry.holder);
  }

  /** The lease under which {@code id} is out. */
  Optional<Lease> lease(TrajectoryId id) {
    return Optional.ofNullable(holding.get(id)).map(entry -> entry.lease);
  }

  /** Ids to hand out again, ascending, with why. */
  Map<TrajectoryId, Loss> loose() {
    return loose;
  }

  Set<String> holders() {
    return new TreeSet<>(byHolder.keySet());
  }

  int size() {
    return entries.size();
  }

  /** Earliest deadline; empty if nothing is out. */
  Optional<Long> nextDeadlineNanos() {
    Long earliest = null;
    for (Entry entry : entries.values()) {
      if (earliest == null || entry.deadlineNanos - earliest < 0) {
        earliest = entry.deadlineNanos;
      }
    }
    return Optional.ofNullable(earliest);
  }

  private List<Ended> end(Loss loss, List<Entry> over) {
    List<Ended> ended = new ArrayList<>();
    for (Entry entry : over) {
      ended.add(new Ended(entry.lease, entry.holder, loss, List.copyOf(entry.undone)));
      remove(entry);
      for (TrajectoryId id : entry.undone) {
        holding.remove(id);
        loose.put(id, loss);
      }
    }
    return ended;
  }

  private void remove(Entry entry) {
    entries.remove(entry.lease.id());
    Map<LeaseId, Entry> others = byHolder.get(entry.holder);
    if (others != null) {
      others.remove(entry.lease.id());
      if (others.isEmpty()) {
        byHolder.remove(entry.holder);
      }
    }
  }

  private void leave(Entry entry, TrajectoryId id) {
    entry.undone.remove(id);
    if (entry.undone.isEmpty()) {
      remove(entry);
    }
  }
}
