package dev.troupe.protocol.ledger;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.List;

/** What the journal holds: folding these in order gives the ledger. */
public sealed interface LedgerEvent {

  /** A replay writer began on {@code machine}: the head's, not the learner's. */
  record EpochBegan(int epoch, long unixMillis, String machine) implements LedgerEvent {
    public EpochBegan {
      Check.atLeast("epoch", 0, epoch);
    }
  }

  /** Trajectory ids were handed out: for the first time (attempt 1) or again. */
  record Granted(Lease lease, String holder) implements LedgerEvent {}

  /** A scored trajectory, whole. Acknowledged only after the sync. */
  record Recorded(JudgedTrajectory trajectory) implements LedgerEvent {}

  /**
   * A trajectory left the account.
   *
   * @param detail the verifier's word or the lag
   * @param length generated tokens or environment steps, for reports; 0 = unknown
   */
  record Dropped(TrajectoryId id, DropReason reason, String detail, int length)
      implements LedgerEvent {
    public Dropped {
      Check.atLeast("length", 0, length);
    }

    /** Of a trajectory whose length isn't known. */
    public Dropped(TrajectoryId id, DropReason reason, String detail) {
      this(id, reason, detail, 0);
    }
  }

  /** Batch {@code number} consists of these, in this order. */
  record BatchCut(long number, List<TrajectoryId> ids) implements LedgerEvent {
    public BatchCut {
      ids = List.copyOf(ids);
      Check.atLeast("number", 1, number);
    }
  }

  /**
   * The learner made {@code version} from batch {@code batch} (0: supervised). Progress, not
   * consumption.
   */
  record Updated(PolicyVersion version, long batch, boolean skipped, UpdateTrace trace)
      implements LedgerEvent {
    public Updated {
      Check.atLeast("batch", 0, batch);
    }

    /** By a learner that leaves no trace. */
    public Updated(PolicyVersion version, long batch, boolean skipped) {
      this(version, batch, skipped, UpdateTrace.NONE);
    }
  }

  /**
   * A learner began an incarnation after the checkpoint of update {@code fromUpdate}.
   *
   * @param processor that it computes with
   */
  record IncarnationBegan(int incarnation, long fromUpdate, long lastBatch, ProcessorKind processor)
      implements LedgerEvent {
    public IncarnationBegan {
      Check.atLeast("incarnation", 0, incarnation);
      Check.atLeast("fromUpdate", 0, fromUpdate);
      Check.atLeast("lastBatch", 0, lastBatch);
    }

    /** On a processor that isn't known. */
    public IncarnationBegan(int incarnation, long fromUpdate, long lastBatch) {
      this(incarnation, fromUpdate, lastBatch, ProcessorKind.UNKNOWN);
    }
  }

  /** A checkpoint counts from here on: every batch up to {@code lastBatch} is consumed. */
  record Committed(CheckpointRef checkpoint, long lastBatch, long firstUpdate)
      implements LedgerEvent {
    public Committed {
      Check.atLeast("lastBatch", 0, lastBatch);
      Check.atLeast("firstUpdate", 0, firstUpdate);
    }
  }

  /**
   * Groups from {@code firstGroup} on are judged by {@code verifier}; before the first of these
   * events, by the recipe's.
   *
   * @param unixMillis when, for people
   */
  record VerifierChosen(VerifierVersion verifier, long firstGroup, long unixMillis)
      implements LedgerEvent {
    public VerifierChosen {
      Check.atLeast("firstGroup", 0, firstGroup);
    }
  }

  /** The run is over: {@code why} it ended. */
  record RunEnded(String why) implements LedgerEvent {}

  /**
   * Stands for the journal's segments before the first kept one, which may be deleted: what came of
   * the groups that nothing can happen to any more. Whoever reads the kept segments passes over
   * these groups' events there. It lies at the head of a segment.
   *
   * @param firstEpoch epoch of the first kept segment
   * @param firstSequence its number in that epoch
   * @param closed groups that this accounts for
   * @param granted their trajectories
   * @param consumed those of them that are in checkpoints
   * @param drops the rest of them
   * @param updates (trajectory, update) pairs in the batches up to {@code oldestKeptBatch}
   * @param oldestKeptBatch batches up to this one can't be asked for any more
   * @param commits the latest ones that end with {@code oldestKeptBatch} or before
   * @param incarnations of the learner that still matter
   * @param grantedSoFar all trajectories granted when this was written, for checking
   * @param cutSoFar batches cut then, for checking
   * @param skippedUpdates so far
   * @param verdicts so far
   * @param failures verdicts so far that were not a score
   * @param verifiers that were chosen and that matter still
   */
  record Summarised(
      int firstEpoch,
      int firstSequence,
      List<GroupRange> closed,
      long granted,
      long consumed,
      List<DropCount> drops,
      long updates,
      long oldestKeptBatch,
      List<Committed> commits,
      List<IncarnationBegan> incarnations,
      long grantedSoFar,
      long cutSoFar,
      long skippedUpdates,
      long verdicts,
      long failures,
      List<VerifierChosen> verifiers)
      implements LedgerEvent {
    public Summarised {
      closed = List.copyOf(closed);
      drops = List.copyOf(drops);
      commits = List.copyOf(commits);
      incarnations = List.copyOf(incarnations);
      verifiers = List.copyOf(verifiers);
      Check.atLeast("firstEpoch", 1, firstEpoch);
      Check.atLeast("firstSequence", 1, firstSequence);
      Check.atLeast("granted", 0, granted);
      Check.atLeast("consumed", 0, consumed);
      Check.atLeast("updates", 0, updates);
      Check.atLeast("oldestKeptBatch", 0, oldestKeptBatch);
      Check.atLeast("grantedSoFar", granted, grantedSoFar);
      Check.atLeast("cutSoFar", oldestKeptBatch, cutSoFar);
      Check.atLeast("skippedUpdates", 0, skippedUpdates);
      Check.atLeast("failures", 0, failures);
      Check.atLeast("verdicts", failures, verdicts);
    }
  }
}
