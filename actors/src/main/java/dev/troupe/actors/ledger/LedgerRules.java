package dev.troupe.actors.ledger;

import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RunSpecification;

/**
 * What of the recipe the ledger's fold depends on.
 *
 * @param reuse batches a trajectory may be part of
 * @param policyLagMax updates between behaviour version and learner
 * @param dropGroup whether one failed member ends its group
 * @param checkpointsKept newest commits whose following batches can be asked for again
 * @param oneVerifierABatch whether all groups of a batch must be judged by one verifier
 */
public record LedgerRules(
    int reuse,
    int policyLagMax,
    boolean dropGroup,
    int checkpointsKept,
    boolean oneVerifierABatch) {
  public LedgerRules {
    if (reuse < 1 || policyLagMax < 0 || checkpointsKept < 1) {
      throw new IllegalArgumentException(
          "reuse must be at least 1, policyLagMax at least 0 and checkpointsKept at least 1, got ["
              + reuse
              + "], ["
              + policyLagMax
              + "] and ["
              + checkpointsKept
              + "]");
    }
  }

  /** The rules of a recipe. */
  public static LedgerRules of(RunSpecification run) {
    return of(
        run.replay(),
        run.reward(),
        run.checkpoints(),
        run.control().isEmpty() && run.learner().comparesWholeBatch());
  }

  /** The rules of these parts of a recipe. */
  public static LedgerRules of(
      ReplaySpecification replay,
      RewardSpecification reward,
      CheckpointSpecification checkpoints,
      boolean oneVerifierABatch) {
    return new LedgerRules(
        replay.reuse(),
        replay.policyLagMax(),
        reward.onFailedMember() == RewardSpecification.OnFailedMember.DROP_GROUP,
        Math.max(1, checkpoints.keep()),
        oneVerifierABatch);
  }
}
