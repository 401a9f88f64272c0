package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;

/**
 * Reinforcement learning on verified rewards.
 *
 * @param advantage estimator
 * @param discount γ of REINFORCE++
 * @param loss {@code ppo-clip}, or a program file that the recipe names
 * @param clipLow ε below 1
 * @param clipHigh ε above 1 (clip-higher)
 * @param dualClip c of the dual clip; 0 = off
 * @param oldPolicy what the ratio's denominator is
 * @param importance truncated importance sampling of π_old / μ
 * @param importanceCap largest weight
 * @param kl estimator of the penalty against the reference policy
 * @param klCoefficient 0 = no reference policy is held
 * @param entropyCoefficient bonus
 * @param aggregation of token losses
 * @param constantLength L of {@link Aggregation#CONSTANT_LENGTH}
 * @param epochs passes over a batch within its update
 * @param minibatches optimizer steps a pass
 * @param microBatch sequences of one forward and backward call
 * @param compute precision of the matrix products
 * @param nonFiniteBudget updates skipped for non-finite loss or gradient before the run stops
 */
public record LearnerSpecification(
    Advantage advantage,
    double discount,
    String loss,
    double clipLow,
    double clipHigh,
    double dualClip,
    OldPolicy oldPolicy,
    Importance importance,
    double importanceCap,
    Kl kl,
    double klCoefficient,
    double entropyCoefficient,
    Aggregation aggregation,
    int constantLength,
    int epochs,
    int minibatches,
    int microBatch,
    Compute compute,
    int nonFiniteBudget,
    OptimizerSpecification optimizer) {
  public LearnerSpecification {
    Check.within("discount", 0, 1, discount);
    Check.notBlank("loss", loss);
    Check.notNegative("clipLow", clipLow);
    Check.notNegative("clipHigh", clipHigh);
    Check.that(
        dualClip == 0 || (dualClip > 1 && Double.isFinite(dualClip)),
        "dualClip",
        "0 (off) or above 1",
        dualClip);
    Check.notNegative("importanceCap", importanceCap);
    Check.notNegative("klCoefficient", klCoefficient);
    Check.finite("entropyCoefficient", entropyCoefficient);
    Check.atLeast(
        "constantLength", aggregation == Aggregation.CONSTANT_LENGTH ? 1 : 0, constantLength);
    Check.atLeast("epochs", 1, epochs);
    Check.atLeast("minibatches", 1, minibatches);
    Check.atLeast("microBatch", 1, microBatch);
    Check.atLeast("nonFiniteBudget", 0, nonFiniteBudget);
  }

  /**
   * Whether scores of the whole batch are compared with each other, so that they must be one
   * verifier's.
   */
  public boolean comparesWholeBatch() {
    return switch (advantage) {
      case REINFORCE_PP, REINFORCE_PP_BASELINE -> true;
      case GRPO, DR_GRPO, RLOO -> false;
    };
  }

  /** Advantage estimators of groups. */
  public enum Advantage {
    GRPO,
    DR_GRPO,
    RLOO,
    REINFORCE_PP,
    REINFORCE_PP_BASELINE
  }

  /** π_old of the ratio. */
  public enum OldPolicy {
    /** The journaled log-probabilities of the behaviour policy. */
    BEHAVIOUR,
    /** The learner's own when the update began (decoupled PPO). */
    RECOMPUTED
  }

  /** Truncated importance sampling. */
  public enum Importance {
    NONE,
    TOKEN,
    SEQUENCE
  }

  /** KL estimators: k1 = −log x, k2 = ½ (log x)², k3 = x − 1 − log x, x = π_ref/π_θ. */
  public enum Kl {
    NONE,
    K1,
    K2,
    K3
  }

  /** How token losses become one number. */
  public enum Aggregation {
    TOKEN_MEAN,
    SEQUENCE_MEAN_TOKEN_MEAN,
    SEQUENCE_MEAN_TOKEN_SUM,
    CONSTANT_LENGTH
  }

  /** Precision of matrix products; weights and optimizer stay float32. */
  public enum Compute {
    FLOAT32,
    BFLOAT16
  }
}
