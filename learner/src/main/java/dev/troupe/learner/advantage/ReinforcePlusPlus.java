package dev.troupe.learner.advantage;

/**
 * REINFORCE++ (arXiv 2501.03262): no groups, one normalisation over the whole batch.
 *
 * <pre>
 *   R_t = r_t + γ R_{t+1}          r_t = s at the last trained token, else 0
 *   A_t = (R_t − mean) / √(var + 10⁻⁸)      over all trained tokens of the batch
 * </pre>
 *
 * <p>s: score of the sequence; γ: {@code discount}; var: sample variance (n − 1). Tokens that are
 * not trained (prompt, tool output) are skipped: the return is carried across them undiscounted.
 * The paper's penalty on divergence from a reference is a term of the loss here, not of the reward.
 */
final class ReinforcePlusPlus implements AdvantageEstimator {
  private final double discount;

  ReinforcePlusPlus(double discount) {
    if (!(discount >= 0 && discount <= 1)) {
      throw new IllegalArgumentException("discount must be in [0, 1], got [" + discount + "]");
    }
    this.discount = discount;
  }

  @Override
  public double[][] advantages(Scores scores) {
    return Whitening.whiten(scores, returns(scores));
  }

  /** R_t of every trained token, 0 elsewhere. */
  double[][] returns(Scores scores) {
    double[][] returns = new double[scores.size()][];
    for (int b = 0; b < returns.length; b++) {
      returns[b] = new double[scores.length(b)];
      double running = 0;
      boolean last = true;
      for (int t = returns[b].length - 1; t >= 0; t--) {
        if (scores.trained(b, t)) {
          running = (last ? scores.score(b) : 0) + discount * running;
          last = false;
          returns[b][t] = running;
        }
      }
    }
    return returns;
  }
}
