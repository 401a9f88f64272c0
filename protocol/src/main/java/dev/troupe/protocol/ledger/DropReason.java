package dev.troupe.protocol.ledger;

/** Why a trajectory will never be trained on. */
public enum DropReason {
  LEASE_EXPIRED,
  NODE_LOST,
  STALE,
  FILTERED,
  REWARD_INVALID,
  REWARD_TIMED_OUT,
  REWARD_CRASHED,
  EVICTED,
  ORPHANED,
  RUN_ENDED,
  /** Its verifier was swapped, and too few groups of it are left for a batch of their own. */
  SWAPPED
}
