package dev.troupe.learner.update;

/** Sums of one supervised step. */
public final class SupervisedFigures {
  private double loss;
  private double right;
  private long tokens;

  void add(MicroBatchGradient part, int partTokens) {
    loss += part.figure(0);
    right += part.figure(1);
    tokens += partTokens;
  }

  /** Mean cross-entropy of the trained tokens, nats. */
  public double loss() {
    return loss;
  }

  /** Share of trained tokens that were the most likely ones. */
  public double tokenAccuracy() {
    return tokens == 0 ? 0 : right / tokens;
  }
}
