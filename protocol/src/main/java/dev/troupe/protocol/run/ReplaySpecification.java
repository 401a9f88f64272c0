package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;
import java.time.Duration;

/**
 * Batches, lag, leases and the journal.
 *
 * @param groups in a batch
 * @param groupSize trajectories of a group
 * @param policyLagMax updates between behaviour version and learner; 0 = strictly on-policy
 * @param reuse batches a trajectory may be part of
 * @param onStraggler what happens to a group older than the bound
 * @param filterUniform whether groups whose scores are all equal are dropped and refilled (DAPO)
 * @param orphans what happens to trajectories of versions that died with an incarnation
 * @param leaseLimit how long a holder may take before it must renew
 * @param journalSegmentBytes size at which a new segment begins
 * @param journalRetain which segments are kept
 * @param diskFreeMin bytes of free disk below which the run pauses
 */
public record ReplaySpecification(
    int groups,
    int groupSize,
    int policyLagMax,
    int reuse,
    OnStraggler onStraggler,
    boolean filterUniform,
    Orphans orphans,
    Duration leaseLimit,
    long journalSegmentBytes,
    JournalRetain journalRetain,
    long diskFreeMin) {
  public ReplaySpecification {
    Check.atLeast("groups", 1, groups);
    Check.atLeast("groupSize", 1, groupSize);
    Check.that(
        (long) groups * groupSize <= Integer.MAX_VALUE,
        "groupSize",
        "small enough for fewer than 2^31 trajectories in a batch of " + groups + " groups",
        groupSize);
    Check.atLeast("policyLagMax", 0, policyLagMax);
    Check.atLeast("reuse", 1, reuse);
    Check.positive("leaseLimit", leaseLimit);
    Check.atLeast("journalSegmentBytes", 1, journalSegmentBytes);
    Check.atLeast("diskFreeMin", 0, diskFreeMin);
  }

  /** What happens to a group older than the lag bound. */
  public enum OnStraggler {
    DROP,
    HOLD
  }

  /** What happens to trajectories of versions that died with an incarnation. */
  public enum Orphans {
    ADMIT,
    DROP
  }

  /** Which journal segments are kept. */
  public enum JournalRetain {
    ALL,
    SINCE_OLDEST_CHECKPOINT
  }

  /** Whether everything is sampled by the newest policy, so that results don't depend on timing. */
  public boolean isSynchronous() {
    return policyLagMax == 0;
  }

  /** Trajectories in a full batch. */
  public int batchTrajectories() {
    return groups * groupSize;
  }
}
