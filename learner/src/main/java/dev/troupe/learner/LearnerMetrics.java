package dev.troupe.learner;

/**
 * Names of the figures that an update reports.
 *
 * <p>π_θ is the policy before each optimizer step of the update, π_old its value when the update
 * began (or the behaviour policy, where the recipe says so), μ the behaviour policy, ρ = π_old/μ.
 * Means are over trained tokens unless said otherwise.
 */
public final class LearnerMetrics {
  /** The loss as it was minimised; mean over the update's optimizer steps. */
  public static final String LOSS = "loss";

  /** Global norm before clipping; mean over the update's optimizer steps. */
  public static final String GRADIENT_NORM = "gradientNorm";

  /** Of the update's last optimizer step. */
  public static final String LEARNING_RATE = "learningRate";

  /** Mean score over sequences. */
  public static final String REWARD_MEAN = "rewardMean";

  /** Share of sequences with a score of at least 1, the full reward of a right answer. */
  public static final String FULL_REWARD_SHARE = "fullRewardShare";

  /** Share of groups whose scores are all equal: they teach nothing. */
  public static final String GROUPS_WITHOUT_SIGNAL_SHARE = "groupsWithoutSignalShare";

  /** Updates between the oldest behaviour version of a trajectory and the learner; mean. */
  public static final String POLICY_LAG_MEAN = "policyLagMean";

  /** The largest policy lag. */
  public static final String POLICY_LAG_MAX = "policyLagMax";

  /** Mean ρ. */
  public static final String RHO_MEAN = "rhoMean";

  /** Largest ρ. */
  public static final String RHO_MAX = "rhoMax";

  /** (Σρ)² / (n Σρ²), a share of the tokens: 1 when on-policy. */
  public static final String EFFECTIVE_SAMPLE_SHARE = "effectiveSampleShare";

  /** Share of tokens where the clip took the gradient away or bounded it. */
  public static final String CLIPPED_SHARE = "clippedShare";

  /** KL(π_old‖π_θ), estimator k1. */
  public static final String KL_OLD_K1 = "klOldK1";

  /** KL(π_old‖π_θ), estimator k3. */
  public static final String KL_OLD_K3 = "klOldK3";

  /** KL(μ‖π_θ), estimator k1. */
  public static final String KL_BEHAVIOUR_K1 = "klBehaviourK1";

  /** KL(μ‖π_θ), estimator k3. */
  public static final String KL_BEHAVIOUR_K3 = "klBehaviourK3";

  /** KL(π_θ‖π_ref), estimator k3; only where a reference policy is held. */
  public static final String KL_REFERENCE_K3 = "klReferenceK3";

  /** Mean entropy of π_θ, nats. */
  public static final String ENTROPY = "entropy";

  /** Mean number of trained tokens of a sequence. */
  public static final String ANSWER_TOKENS_MEAN = "answerTokensMean";

  /** Updates skipped so far for a non-finite loss or gradient. */
  public static final String SKIPPED_UPDATES = "skippedUpdates";

  /** Optimizer steps that an update took; fewer than planned where it stopped at the target KL. */
  public static final String OPTIMIZER_STEPS = "optimizerSteps";

  /** The policy's part of the loss. */
  public static final String POLICY_LOSS = "policyLoss";

  /** ½ (V − R)², clipped where the recipe says so; mean over the update's optimizer steps. */
  public static final String VALUE_LOSS = "valueLoss";

  /** Mean V before the update. */
  public static final String VALUE_MEAN = "valueMean";

  /** 1 − Var(R − V) / Var(R) before the update; not there where all R are equal. */
  public static final String EXPLAINED_VARIANCE = "explainedVariance";

  /** Episodes that ended in the batch. */
  public static final String EPISODES = "episodes";

  /** Mean undiscounted raw return of those episodes. */
  public static final String EPISODE_RETURN_MEAN = "episodeReturnMean";

  /** Mean steps of those episodes. */
  public static final String EPISODE_LENGTH_MEAN = "episodeLengthMean";

  /** Mean of log π_D − log π_θ over the buffer: how far data are from what π_θ would draw. */
  public static final String SAMPLING_ERROR = "samplingError";

  /** Steps that adjusted the behaviour policy. */
  public static final String ADJUSTMENT_STEPS = "adjustmentSteps";

  /** KL(π_φ‖π_θ) at the adjustment's last minibatch. */
  public static final String ADJUSTMENT_KL = "adjustmentKl";

  /** The adjustment's stop statistic at its last minibatch. */
  public static final String ADJUSTMENT_K3 = "adjustmentK3";

  private LearnerMetrics() {}
}
