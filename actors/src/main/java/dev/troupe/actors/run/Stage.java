package dev.troupe.actors.run;

/** What a running run is at. */
public enum Stage {
  /** Nothing yet. */
  NONE,
  /** Supervised fine-tuning. */
  SUPERVISED,
  /** Reinforcement learning. */
  REINFORCED,
  /** The last evaluation, of the final weights. */
  CLOSING
}
