package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.VerifierVersion;
import java.time.Duration;

/**
 * Who judges trajectories.
 *
 * @param verifier name, for example {@code exact}
 * @param version of it
 * @param settings of it: a JSON object, its keys sorted
 * @param timeLimit for one verdict
 * @param actors reward actors on each reward node
 * @param workers verifications that one reward actor runs at the same time
 * @param queueMax trajectories that wait at one reward actor
 * @param attemptsMax reward actors that a trajectory is tried on before it counts as crashed
 * @param onFailedMember what becomes of a group with an unscored member
 * @param failureBudget unscored outcomes of a verifier in force, beyond which {@code pastBudget}
 *     happens
 * @param failureBudgetShare likewise, share of unscored outcomes among its last 1,000 (from 100 on)
 * @param artificialDelay added to every verdict, for experiments with slow verifiers
 * @param pastBudget what happens past the failure budget
 * @param trial of a verifier that is to be swapped in
 */
public record RewardSpecification(
    String verifier,
    String version,
    String settings,
    Duration timeLimit,
    int actors,
    int workers,
    int queueMax,
    int attemptsMax,
    OnFailedMember onFailedMember,
    long failureBudget,
    double failureBudgetShare,
    Duration artificialDelay,
    PastBudget pastBudget,
    Trial trial) {
  /** Every default. */
  public static final String NO_SETTINGS = "{}";

  public RewardSpecification {
    Check.notBlank("verifier", verifier);
    Check.notBlank("settings", settings);
    Check.positive("timeLimit", timeLimit);
    Check.atLeast("actors", 1, actors);
    Check.atLeast("workers", 1, workers);
    Check.atLeast("queueMax", 1, queueMax);
    Check.atLeast("attemptsMax", 1, attemptsMax);
    Check.atLeast("failureBudget", 0, failureBudget);
    Check.within("failureBudgetShare", 0, 1, failureBudgetShare);
    Check.notNegative("artificialDelay", artificialDelay);
  }

  /** A run that fails past its budget, and takes every verifier that somebody swaps in. */
  public RewardSpecification(
      String verifier,
      String version,
      String settings,
      Duration timeLimit,
      int actors,
      int workers,
      int queueMax,
      int attemptsMax,
      OnFailedMember onFailedMember,
      long failureBudget,
      double failureBudgetShare,
      Duration artificialDelay) {
    this(
        verifier,
        version,
        settings,
        timeLimit,
        actors,
        workers,
        queueMax,
        attemptsMax,
        onFailedMember,
        failureBudget,
        failureBudgetShare,
        artificialDelay,
        PastBudget.FAIL,
        Trial.NONE);
  }

  /** Likewise, with the verifier's defaults. */
  public RewardSpecification(
      String verifier,
      String version,
      Duration timeLimit,
      int actors,
      int workers,
      int queueMax,
      int attemptsMax,
      OnFailedMember onFailedMember,
      long failureBudget,
      double failureBudgetShare,
      Duration artificialDelay) {
    this(
        verifier,
        version,
        NO_SETTINGS,
        timeLimit,
        actors,
        workers,
        queueMax,
        attemptsMax,
        onFailedMember,
        failureBudget,
        failureBudgetShare,
        artificialDelay);
  }

  /** The same, by another verifier. */
  public RewardSpecification judgedBy(VerifierVersion other) {
    return new RewardSpecification(
        other.ref().name(),
        other.ref().version(),
        other.settings(),
        timeLimit,
        actors,
        workers,
        queueMax,
        attemptsMax,
        onFailedMember,
        failureBudget,
        failureBudgetShare,
        artificialDelay,
        pastBudget,
        trial);
  }

  /** What becomes of a group with an unscored member. */
  public enum OnFailedMember {
    DROP_MEMBER,
    DROP_GROUP
  }

  /** What happens to a run with too many unscored outcomes. */
  public enum PastBudget {
    /** It begins nothing new until the verifier is swapped or somebody has it go on. */
    PAUSE,
    /** It ends. */
    FAIL
  }

  /**
   * What a verifier must show before it is swapped in: it judges beside the one in force.
   *
   * @param trajectories judged by both; 0 = it is taken without a trial
   * @param maxFailureRate share of them without a score of the new one, above which it isn't taken
   * @param maxDisagreement share of them on which the two differ, above which it isn't taken
   */
  public record Trial(int trajectories, double maxFailureRate, double maxDisagreement) {
    public static final Trial NONE = new Trial(0, 1, 1);

    public Trial {
      Check.atLeast("trajectories", 0, trajectories);
      Check.within("maxFailureRate", 0, 1, maxFailureRate);
      Check.within("maxDisagreement", 0, 1, maxDisagreement);
    }
  }
}
