package dev.troupe.rollout.environment.wrapper;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Normalises what N environments give together, with statistics over all of them:
 * Stable-Baselines3's {@code VecNormalize}.
 *
 * <pre>
 * o ← clip((o − mean) / √(var + ε)),   R ← γ·R + r,   r ← clip(r / √(var(R) + ε))
 * </pre>
 *
 * The statistics take in a step before it is normalised; R is 0 again after an episode's end. One
 * thread at a time.
 */
public final class VectorNormalizer {
  private final RunningStatistics observations;
  private final RunningStatistics returns = new RunningStatistics(1);
  private final double[] discounted;
  private final int size;
  private final double discount;
  private final double epsilon;
  private final double observationClip;
  private final double rewardClip;
  private boolean frozen;

  /**
   * @param lanes N
   * @param size numbers of an observation
   * @param discount γ
   * @param epsilon ε
   * @param observationClip the largest magnitude of a normalised number
   * @param rewardClip the largest magnitude of a normalised reward
   */
  public VectorNormalizer(
      int lanes,
      int size,
      double discount,
      double epsilon,
      double observationClip,
      double rewardClip) {
    this.observations = new RunningStatistics(size);
    this.discounted = new double[lanes];
    this.size = size;
    this.discount = discount;
    this.epsilon = epsilon;
    this.observationClip = observationClip;
    this.rewardClip = rewardClip;
  }

  /** From now on statistics stay as they are: for evaluation. */
  public void freeze() {
    frozen = true;
  }

  /** Episodes begin everywhere; takes in and normalises first observations, [N, size]. */
  public void reset(FloatBuffer raw, FloatBuffer normalised) {
    Arrays.fill(discounted, 0);
    observe(raw, normalised);
  }

  /** Takes in observations and normalises them, [N, size]. */
  public void observe(FloatBuffer raw, FloatBuffer normalised) {
    if (!frozen) {
      observations.update(raw, discounted.length);
    }
    normalise(raw, normalised, discounted.length);
  }

  /** Normalises rows with the statistics as they are. */
  public void normalise(FloatBuffer raw, FloatBuffer normalised, int rows) {
    for (int i = 0; i < rows * size; i++) {
      normalised.put(i, observations.normalised(i % size, raw.get(i), epsilon, observationClip));
    }
  }

  /**
   * Takes in rewards and normalises them, [N].
   *
   * @param over whether the step ended the episode
   */
  public void reward(double[] raw, boolean[] over, float[] normalised) {
    if (!frozen) {
      for (int i = 0; i < raw.length; i++) {
        discounted[i] = discounted[i] * discount + raw[i];
      }
      returns.update(discounted);
    }
    double scale = Math.sqrt(returns.variance(0) + epsilon);
    for (int i = 0; i < raw.length; i++) {
      normalised[i] = (float) Math.min(Math.max(raw[i] / scale, -rewardClip), rewardClip);
      discounted[i] = over[i] ? 0 : discounted[i];
    }
  }

  public RunningStatistics observationStatistics() {
    return observations;
  }

  public RunningStatistics returnStatistics() {
    return returns;
  }

  /** A copy of the discounted returns, [N]. */
  public double[] discountedReturns() {
    return discounted.clone();
  }
}
