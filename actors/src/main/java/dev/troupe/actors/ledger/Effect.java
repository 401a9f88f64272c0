package dev.troupe.actors.ledger;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.List;

/**
 * What {@link Replay} wants the world to see. An effect may leave only when the events appended up
 * to its decision are synced and no newer writer has claimed an epoch: see {@link Outbox}.
 */
public sealed interface Effect {

  /**
   * Give work to {@code holder}.
   *
   * @param updateMin the holder must sample with the policy of this update or a newer one
   */
  record Grant(String holder, Lease lease, long updateMin) implements Effect {}

  /** Tell {@code holder} that these members are no longer wanted under this lease. */
  record Revoke(String holder, LeaseId lease, List<TrajectoryId> ids) implements Effect {
    public Revoke {
      ids = List.copyOf(ids);
    }
  }

  /** Answer to an offered trajectory; the holder may forget it now, whatever the answer. */
  record Acknowledge(String to, TrajectoryId id, int attempt, Reception reception)
      implements Effect {}

  /** Give batch {@code plan.number()} to the learner. */
  record HandOut(BatchPlan plan) implements Effect {}

  /** The batch that the learner asked for can't be given. */
  record BatchRefused(long number, String why) implements Effect {}

  /** A checkpoint counts from here on. */
  record CommitAcknowledged(CheckpointRef checkpoint) implements Effect {}

  /** A checkpoint doesn't count. */
  record CommitRefused(CheckpointRef checkpoint, String why) implements Effect {}

  /** A learner's new life is recorded; it may publish and ask for batches. */
  record IncarnationAcknowledged(int incarnation) implements Effect {}

  /** A learner's message was refused: a newer incarnation has begun, or it doesn't fit. */
  record IncarnationRefused(int incarnation, String why) implements Effect {}

  /** Groups that begin now are judged by {@code verifier}, and a takeover will know it. */
  record VerifierInForce(VerifierVersion verifier) implements Effect {}

  /** Too many verdicts were not a score: stop loudly. */
  record StopRun(String why, List<String> examples) implements Effect {
    public StopRun {
      examples = List.copyOf(examples);
    }
  }

  /**
   * Too many verdicts of {@code verifier} were not a score: nothing new is granted until it is
   * swapped, or somebody has the run go on.
   */
  record BudgetSpent(VerifierRef verifier, String why, List<String> examples) implements Effect {
    public BudgetSpent {
      examples = List.copyOf(examples);
    }
  }

  /** What became of an offered trajectory. */
  enum Reception {
    /** Journaled and synced. */
    RECORDED,
    /** It left the account: unscored, stale or not wanted any more. */
    DROPPED,
    /** This trajectory was recorded or dropped before. */
    DUPLICATE,
    /** The work was granted again since; the later attempt counts. */
    SUPERSEDED,
    /** No such work was ever granted in this run. */
    UNKNOWN
  }
}
