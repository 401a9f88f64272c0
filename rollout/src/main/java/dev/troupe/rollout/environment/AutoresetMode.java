package dev.troupe.rollout.environment;

/** What a vector of environments does with one whose episode is over; Gymnasium's three modes. */
public enum AutoresetMode {
  /**
   * The step that ends the episode returns its last observation; the step after it ignores the
   * action and returns the next episode's first observation with reward 0: an inserted row.
   */
  NEXT_STEP,
  /**
   * The step that ends the episode returns the next episode's first observation; the last one is
   * among the final observations.
   */
  SAME_STEP,
  /** The caller resets. */
  DISABLED
}
