package dev.troupe.actors.simulation;

import dev.troupe.actors.journal.SegmentName;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which segments may go, as {@code Retention} decides it. */
final class RetentionModel {
  private record Pending(long position, SegmentName first) {}

  private final boolean on;
  private final Flaw flaw;
  private final Disk disk;
  private final Map<Long, SegmentName> grantedIn = new HashMap<>();
  private Optional<SegmentName> newest = Optional.empty();
  private Optional<Pending> pending = Optional.empty();

  RetentionModel(boolean on, Flaw flaw, Disk disk) {
    this.on = on;
    this.flaw = flaw;
    this.disk = disk;
  }

  void written(LedgerEvent event, SegmentName at) {
    newest = Optional.of(at);
    if (event instanceof LedgerEvent.Granted granted) {
      grantedIn.putIfAbsent(granted.lease().group().number(), at);
    }
  }

  /** The first segment to keep, if anything lies before it. */
  Optional<SegmentName> firstToKeep(Set<Long> open) {
    grantedIn.keySet().retainAll(open);
    if (!on || newest.isEmpty() || pending.isPresent()) {
      return Optional.empty();
    }
    SegmentName first = newest.get();
    if (flaw != Flaw.OPEN_GROUPS_DELETED) {
      for (SegmentName segment : grantedIn.values()) {
        first = segment.compareTo(first) < 0 ? segment : first;
      }
    }
    return disk.before(first).isEmpty() ? Optional.empty() : Optional.of(first);
  }

  void summarised(long position, SegmentName first) {
    pending = Optional.of(new Pending(position, first));
  }

  /** What may be deleted now that the journal is synced through {@code position}. */
  Optional<SegmentName> due(long position) {
    Optional<SegmentName> due = pending.filter(it -> position >= it.position()).map(Pending::first);
    if (due.isPresent()) {
      pending = Optional.empty();
    }
    return due;
  }
}
