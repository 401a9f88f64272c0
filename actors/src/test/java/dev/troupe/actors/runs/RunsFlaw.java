package dev.troupe.actors.runs;

/** A fault built in on purpose: the simulation of the runs must find it. */
enum RunsFlaw {
  /** Everything as it should be. */
  NONE,
  /** Nodes hear whoever speaks, so that two heads place the same run. */
  TWO_HEADS_PLACE,
  /** Nodes forget whose word counts once a run is dismissed. */
  DISMISSED_IS_FORGOTTEN,
  /** Nodes don't say what they have: what an earlier head placed stays for ever. */
  LEFTOVERS_STAY,
  /** People are answered before the disk has it. */
  ANSWERED_BEFORE_WRITTEN,
  /** People are answered without a look for a newer head after the write. */
  NO_LOOK_AFTER_WRITE,
  /** Whoever takes over reads what was wanted at first. */
  CONTROL_LOST_AT_TAKEOVER,
  /** What an overtaken head writes after the takeover counts at the next one. */
  OVERTAKEN_WORD_COUNTS,
  /** Words are numbered without the epoch of whose they are. */
  NO_EPOCH_IN_NAMES,
  /** The end of a run is known in memory only. */
  END_NOT_WRITTEN,
  /** What the disk refused is tried again whatever was wanted meanwhile. */
  TRIED_AGAIN_BLINDLY,
  /** All runs get the same, whatever their recipes ask for. */
  SHARE_IGNORED,
  /** Which nodes are to leave is known in memory only. */
  DRAIN_NOT_WRITTEN,
  /** Nobody remembers which nodes are to leave. */
  DRAINED_NODE_PLACED,
  /** Nobody hears of lost nodes. */
  LOST_NODE_KEPT
}
