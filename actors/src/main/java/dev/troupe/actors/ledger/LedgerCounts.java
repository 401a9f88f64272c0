package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.DropReason;
import java.util.Map;

/**
 * How many trajectories are where.
 *
 * @param granted trajectories whose work was ever handed out, each once
 * @param leased granted and neither recorded nor dropped
 * @param recorded scored, waiting for a batch
 * @param batched in a batch that no checkpoint contains yet
 * @param consumed in checkpoints
 * @param dropped by reason, zeros left out
 * @param updates (trajectory, update) pairs in committed checkpoints
 */
public record LedgerCounts(
    long granted,
    long leased,
    long recorded,
    long batched,
    long consumed,
    Map<DropReason, Long> dropped,
    long updates) {
  public LedgerCounts {
    dropped = Map.copyOf(dropped);
  }

  public long droppedTotal() {
    long total = 0;
    for (long count : dropped.values()) {
      total += count;
    }
    return total;
  }

  /** Whether granted = leased + recorded + batched + consumed + dropped. */
  public boolean lawHolds() {
    return granted == leased + recorded + batched + consumed + droppedTotal();
  }

  /** Throws with every number if the conservation law is broken. */
  public void check() {
    if (!lawHolds()) {
      throw new LedgerException("the conservation law is broken: " + law());
    }
  }

  /** The law with its numbers. */
  public String law() {
    return "granted [%d] %s leased [%d] + recorded [%d] + batched [%d] + consumed [%d] + dropped [%d]"
        .formatted(
            granted, lawHolds() ? "=" : "≠", leased, recorded, batched, consumed, droppedTotal());
  }
}
