package dev.troupe.actors.run;

import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.protocol.ledger.DropReason;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many trajectories are in which state.
 *
 * @param dropped by reason, only reasons that occurred
 * @param duplicates late copies that were refused; outside the conservation law
 */
public record LedgerTotals(
    long granted,
    long leased,
    long recorded,
    long batched,
    long consumed,
    Map<DropReason, Long> dropped,
    long duplicates) {
  public LedgerTotals {
    EnumMap<DropReason, Long> ordered = new EnumMap<>(DropReason.class);
    ordered.putAll(dropped);
    dropped = java.util.Collections.unmodifiableMap(ordered);
  }

  /** The account's counts, with {@code duplicates} beside it. */
  public static LedgerTotals of(LedgerCounts counts, long duplicates) {
    return new LedgerTotals(
        counts.granted(),
        counts.leased(),
        counts.recorded(),
        counts.batched(),
        counts.consumed(),
        counts.dropped(),
        duplicates);
  }

  /** Before the first grant. */
  public static LedgerTotals none() {
    return new LedgerTotals(0, 0, 0, 0, 0, Map.of(), 0);
  }

  /** Drops of all reasons. */
  public long droppedTotal() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }
}
