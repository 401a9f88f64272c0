package dev.troupe.actors.simulation;

/** A fault built in on purpose: the simulation must find it. */
public enum Flaw {
  /** Everything as it should be. */
  NONE,
  /** A trajectory that was recorded is recorded again when it comes again. */
  NO_DEDUPE,
  /** Grants, receipts and batches leave before the journal is synced. */
  EFFECTS_BEFORE_SYNC,
  /** A writer doesn't look for a newer epoch before it acknowledges. */
  NO_EPOCH_CHECK,
  /** The lag is checked when a trajectory arrives, and not when a batch is cut. */
  LAG_CHECKED_AT_ADMISSION_ONLY,
  /** Leases don't expire. */
  LEASE_NEVER_EXPIRES,
  /** A lost node keeps its leases. */
  LOST_NODE_KEEPS_LEASES,
  /** After a takeover terms aren't started again, although the clock is another machine's. */
  TERMS_NOT_RESTARTED,
  /** Lost work is not granted again: new work is, and the old ids stay out for ever. */
  GRANTED_AGAIN_WITH_NEW_IDS,
  /** Cuts aren't journaled: a takeover cuts the same batch again, from what is there by then. */
  CUT_NOT_JOURNALED,
  /** Consuming is counted at the update instead of at the commit of a checkpoint. */
  CONSUMED_AT_THE_UPDATE,
  /** Whoever takes over reads older segments to their end, not to their sealed length. */
  SEAL_ACCEPTS_LATE_BYTES,
  /** Whoever takes over seals what it reads, which the disk may still lose. */
  SEALED_BEFORE_SYNC,
  /** A new writer goes on in the segment of the older one, without an epoch of its own. */
  SEGMENT_SHARED_BY_EPOCHS,
  /** A learner loads the newest checkpoint on disk, and asks for what follows the last commit. */
  TRAINED_TWICE_AFTER_RESTART,
  /** A copy of an earlier attempt counts although the work was granted again. */
  LATE_COPY_ADMITTED,
  /** Drops are made in memory only. */
  DROP_NOT_JOURNALED,
  /** Two learners may begin the same incarnation. */
  INCARNATION_NOT_CLAIMED,
  /** The checkpoint of a learner that was replaced is committed. */
  OLD_LEARNER_COMMITS,
  /** A checkpoint is reported before it lies on the disk. */
  COMMITTED_BEFORE_WRITTEN,
  /** A cache takes whatever version it pulled last. */
  CACHE_GOES_BACK,
  /** Segments are deleted before the summary that stands for them is synced. */
  DELETED_BEFORE_SUMMARY_SYNCED,
  /** Segments are deleted although a group in them is still open. */
  OPEN_GROUPS_DELETED,
  /**
   * Members that are granted after a swap are judged by the new verifier, whatever their group's.
   */
  GROUP_MIXES_VERIFIERS,
  /** Batches are cut in order of completion although their scores are compared. */
  BATCH_MIXES_VERIFIERS,
  /** A swap is known in memory only. */
  SWAP_NOT_JOURNALED
}
