package dev.troupe.learner.update;

/**
 * Sums over the trained tokens of one or several optimizer steps, in the order policy_gradient.py
 * gives them.
 */
public final class PolicyFigures {
  private static final int LOSS = 0;
  private static final int SUMS = 10;
  private static final int RHO_MAX = 10;

  private final double[] sums = new double[SUMS];
  private double rhoMax;
  private long tokens;

  void add(MicroBatchGradient part, int partTokens) {
    for (int i = 0; i < SUMS; i++) {
      sums[i] += part.figure(i);
    }
    rhoMax = Math.max(rhoMax, part.figure(RHO_MAX));
    tokens += partTokens;
  }

  /** The loss as it was minimised, summed over optimizer steps. */
  public double loss() {
    return sums[LOSS];
  }

  public double entropy() {
    return mean(1);
  }

  public double clippedShare() {
    return mean(2);
  }

  /** KL(π_old‖π_θ), estimator k1. */
  public double oldK1() {
    return mean(3);
  }

  public double oldK3() {
    return mean(4);
  }

  /** KL(μ‖π_θ), estimator k1. */
  public double behaviourK1() {
    return mean(5);
  }

  public double behaviourK3() {
    return mean(6);
  }

  /** Mean of ρ = π_old/μ over tokens. */
  public double rhoMean() {
    return mean(7);
  }

  public double rhoMax() {
    return rhoMax;
  }

  /** (Σρ)² / (n Σρ²): 1 when on-policy. */
  public double effectiveSampleShare() {
    return sums[8] == 0 ? 0 : sums[7] * sums[7] / (tokens * sums[8]);
  }

  /** KL(π_θ‖π_ref), estimator k3; means nothing without a reference policy. */
  public double referenceK3() {
    return mean(9);
  }

  private double mean(int index) {
    return tokens == 0 ? 0 : sums[index] / tokens;
  }
}
