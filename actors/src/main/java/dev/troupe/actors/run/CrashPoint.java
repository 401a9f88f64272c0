package dev.troupe.actors.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Moments at which a process may die with the most to lose; a run calls its hook at each. */
public enum CrashPoint {
  /** A lease is journaled and handed out. */
  AFTER_GRANT,
  /** Events wait in the journal's buffer, no sync covers them. */
  BEFORE_SYNC,
  /** A trajectory is durable, its sampler doesn't know yet. */
  AFTER_SYNC_BEFORE_RECORDED,
  /** A batch's cut is durable, the learner doesn't have it yet. */
  AFTER_CUT,
  /** The optimizer stepped, nobody knows yet. */
  AFTER_UPDATE,
  /** A checkpoint's files are synced under a name that doesn't count. */
  BEFORE_CHECKPOINT_RENAME,
  /** A checkpoint has its name, no commit names it. */
  AFTER_CHECKPOINT_RENAME,
  /** The replay actor knows of a checkpoint, its commit isn't durable. */
  AFTER_CHECKPOINT_BEFORE_COMMIT,
  /** A new policy version is made, not every sampler has it. */
  DURING_PUBLISH;

  /** For example {@code after-grant}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The crash point whose label is {@code label}. */
  public static Optional<CrashPoint> of(String label) {
    return Arrays.stream(values()).filter(point -> point.label().equals(label)).findFirst();
  }
}
