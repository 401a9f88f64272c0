package dev.troupe.actors.ledger;

/** Where a granted trajectory stands. */
public enum TrajectoryState {
  /** Handed out, or waiting to be handed out again. */
  LEASED,
  /** Scored and journaled, not in a batch yet. */
  RECORDED,
  /** Part of a batch that no checkpoint contains yet. */
  BATCHED,
  /** Every batch that used it is contained in a committed checkpoint. */
  CONSUMED,
  /** Will never be trained on (again). */
  DROPPED
}
