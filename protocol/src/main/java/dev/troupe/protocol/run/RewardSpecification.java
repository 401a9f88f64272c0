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
 * @param failureBudget unscored outcomes in the whole run before it stops
 * @param failureBudgetShare share of unscored outcomes among the last 1,000 before it stops (from
 *     100 on)
 * @param artificialDelay added to every verdict, for experiments with slow verifiers
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
    Duration artificialDelay) {
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

  /** With the verifier's defaults. */
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
        artificialDelay);
  }

  /** What becomes of a group with an unscored member. */
  public enum OnFailedMember {
    DROP_MEMBER,
    DROP_GROUP
  }
}
