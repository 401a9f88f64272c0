package dev.troupe.actors.ledger;

/**
 * Opens while less work is under way than the lag bound leaves room for:
 *
 * <pre>  running + queued + in training &lt; (policyLagMax + 1) · groups</pre>
 *
 * Work is counted in groups: a batch needs that many groups, however many members of each were
 * dropped, so that at lag 0 exactly one batch is under way. It is an occupancy, not a running
 * counter: nothing needs repair after a loss.
 *
 * @param policyLagMax updates between behaviour version and learner
 * @param groups in a batch
 */
public record LagGate(int policyLagMax, int groups) {

  /**
   * Whether one more group may be started.
   *
   * @param running groups that were started and aren't complete
   * @param queued complete groups that wait for their first batch
   * @param inTraining groups whose first batch was cut and is not the learner's past: a learner
   *     asks for the next batch when it begins one, so the one under way is no longer counted
   */
  public boolean isOpen(long running, long queued, long inTraining) {
    return running + queued + inTraining < groupsMax();
  }

  /** Groups that may be under way. */
  public long groupsMax() {
    return (policyLagMax + 1L) * groups;
  }

  /**
   * The oldest update whose policy may sample a group that starts now, so that it is in time for
   * the batch it will be part of when groups keep their order.
   *
   * @param nextBatch number of the next batch to be cut
   * @param ahead groups running or queued
   */
  public long oldestUpdate(long firstUpdate, long nextBatch, long ahead) {
    long batch = nextBatch + ahead / groups;
    return Math.max(0, firstUpdate + batch - 1 - policyLagMax);
  }
}
