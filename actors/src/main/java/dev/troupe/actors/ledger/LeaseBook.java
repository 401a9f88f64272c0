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
import java.util.function.Predicate;

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
final class LeaseBook {

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
  private final Map<TrajectoryId, Entry> holding = new HashMap<>();
  private final TreeMap<TrajectoryId, Loss> loose = new TreeMap<>();

  /** A lease was granted. */
  void granted(Lease lease, String holder, long nowNanos) {
    Entry entry = new Entry(lease, holder, nowNanos + lease.limit().toNanos());
    entries.put(lease.id(), entry);
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
    }
  }

  /** Ends the leases whose deadline has passed, in the order they were granted. */
  List<Ended> expire(long nowNanos) {
    return end(Loss.EXPIRED, entry -> entry.deadlineNanos - nowNanos <= 0);
  }

  /** Ends all leases of a holder. */
  List<Ended> revoke(String holder) {
    return end(Loss.NODE_LOST, entry -> entry.holder.equals(holder));
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
    Set<String> holders = new TreeSet<>();
    entries.values().forEach(entry -> holders.add(entry.holder));
    return holders;
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

  private List<Ended> end(Loss loss, Predicate<Entry> over) {
    List<Ended> ended = new ArrayList<>();
    for (Entry entry : List.copyOf(entries.values())) {
      if (over.test(entry)) {
        ended.add(new Ended(entry.lease, entry.holder, loss, List.copyOf(entry.undone)));
        entries.remove(entry.lease.id());
        for (TrajectoryId id : entry.undone) {
          holding.remove(id);
          loose.put(id, loss);
        }
      }
    }
    return ended;
  }

  private void leave(Entry entry, TrajectoryId id) {
    entry.undone.remove(id);
    if (entry.undone.isEmpty()) {
      entries.remove(entry.lease.id());
    }
  }
}
