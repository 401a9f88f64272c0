package dev.troupe.actors.run;

/** Where a run stands. */
public enum Phase {
  /** Journal, network and samplers are being made ready. */
  STARTING,
  RUNNING,
  /** Nothing new is begun until the reason (a nearly full disk) is gone. */
  PAUSED,
  /** What is under way is finished and checkpointed; nothing new is begun. */
  DRAINING,
  DONE,
  FAILED;

  /** Whether nothing more will happen. */
  public boolean isOver() {
    return this == DONE || this == FAILED;
  }
}
