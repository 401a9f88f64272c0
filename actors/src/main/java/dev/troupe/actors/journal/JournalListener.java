package dev.troupe.actors.journal;

import dev.troupe.protocol.ledger.LedgerEvent;

/** Hears from a {@link JournalWriter}, on the writer's thread: pass on, don't work here. */
public interface JournalListener {

  /** Everything up to {@code position} is on the disk, and no newer writer had claimed by then. */
  void synced(long position);

  /** An event was found when the journal was opened, on the thread that opens it. */
  default void recovered(LedgerEvent event) {}

  /** An event was written (not synced). */
  default void written(LedgerEvent event, Location at) {}

  /** The writer has stopped; nothing after the last {@link #synced} counts as acknowledged. */
  void failed(JournalFailure failure);

  /** Free space fell below the minimum, or rose above it again. */
  void diskLow(boolean low, long freeBytes);

  /** A group is written and about to be synced. */
  default void beforeSync() {}
}
