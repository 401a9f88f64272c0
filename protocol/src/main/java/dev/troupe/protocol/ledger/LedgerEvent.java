package dev.troupe.protocol.ledger;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.List;

/** What the journal holds: folding these in order gives the ledger. */
public sealed interface LedgerEvent {

  /**
   * A replay writer began; {@code machine} tells processor and thread counts for comparing replays.
   */
  record EpochBegan(int epoch, long unixMillis, String machine) implements LedgerEvent {
    public EpochBegan {
      Check.atLeast("epoch", 0, epoch);
    }
  }

  /** Trajectory ids were handed out: for the first time (attempt 1) or again. */
  record Granted(Lease lease, String holder) implements LedgerEvent {}

  /** A scored trajectory, whole. Acknowledged only after the sync. */
  record Recorded(JudgedTrajectory trajectory) implements LedgerEvent {}

  /** A trajectory left the account; {@code detail} is the verifier's word or the lag. */
  record Dropped(TrajectoryId id, DropReason reason, String detail) implements LedgerEvent {}

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
  record Updated(PolicyVersion version, long batch, boolean skipped) implements LedgerEvent {
    public Updated {
      Check.atLeast("batch", 0, batch);
    }
  }

  /** A learner began an incarnation after the checkpoint of update {@code fromUpdate}. */
  record IncarnationBegan(int incarnation, long fromUpdate, long lastBatch) implements LedgerEvent {
    public IncarnationBegan {
      Check.atLeast("incarnation", 0, incarnation);
      Check.atLeast("fromUpdate", 0, fromUpdate);
      Check.atLeast("lastBatch", 0, lastBatch);
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

  /** The run is over: {@code why} it ended. */
  record RunEnded(String why) implements LedgerEvent {}
}
