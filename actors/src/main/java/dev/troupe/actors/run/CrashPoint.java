package dev.troupe.actors.run;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Moments at which a process may die with the most to lose; a run calls its hook at each. */
public enum CrashPoint {
  /** A lease is journaled and handed out. */
  AFTER_GRANT(Where.ANY_RUN),
  /** Events wait in the journal's buffer, no sync covers them. */
  BEFORE_SYNC(Where.ANY_RUN),
  /** A trajectory is durable, its sampler doesn't know yet. */
  AFTER_SYNC_BEFORE_RECORDED(Where.ANY_RUN),
  /** A batch's cut is durable, the learner doesn't have it yet. */
  AFTER_CUT(Where.ANY_RUN),
  /** The optimizer stepped, nobody knows yet. */
  AFTER_UPDATE(Where.ANY_RUN),
  /** A checkpoint's files are synced under a name that doesn't count. */
  BEFORE_CHECKPOINT_RENAME(Where.ANY_RUN),
  /** A checkpoint has its name, no commit names it. */
  AFTER_CHECKPOINT_RENAME(Where.ANY_RUN),
  /** The replay actor knows of a checkpoint, its commit isn't durable. */
  AFTER_CHECKPOINT_BEFORE_COMMIT(Where.ANY_RUN),
  /** A new policy version is made, not every sampler has it. */
  DURING_PUBLISH(Where.ANY_RUN),
  /** Trajectories are sampled, nobody else knows yet. */
  AFTER_SAMPLING(Where.ANY_RUN),
  /** Trajectories are judged, nobody else knows the verdicts yet. */
  AFTER_VERDICT(Where.VERIFIED_RUN),
  /** A submission, or what somebody wants of a run, is durable; nobody was told. */
  ORDER_RECORDED(Where.CLUSTER),
  /** A run has its place, nothing of it has begun. */
  RUN_GRANTED(Where.CLUSTER),
  /** That a node is to leave is durable; neither it nor who asked was told. */
  DRAIN_RECORDED(Where.CLUSTER),
  /** A chunk of weights or a piece of a file came whole from another node and isn't written. */
  CHUNK_RECEIVED(Where.CLUSTER);

  private enum Where {
    /** In whatever runs, in a single process, too. */
    ANY_RUN,
    /** Where reward actors judge: not where an environment's steps bring the reward. */
    VERIFIED_RUN,
    /** On nodes of a cluster only. */
    CLUSTER
  }

  private final Where where;

  CrashPoint(Where where) {
    this.where = where;
  }

  /** Those that a single process comes to whatever it trains. */
  public static List<CrashPoint> ofAnyRun() {
    return Arrays.stream(values()).filter(point -> point.where == Where.ANY_RUN).toList();
  }

  /** For example {@code after-grant}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The crash point whose label is {@code label}. */
  public static Optional<CrashPoint> of(String label) {
    return Arrays.stream(values()).filter(point -> point.label().equals(label)).findFirst();
  }
}
