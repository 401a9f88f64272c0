package dev.troupe.learner.optimizer;

import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.OptimizerSpecification.Schedule;

/**
 * The learning rate of optimizer step k (from 1).
 *
 * <pre>
 *   k ≤ w:   η k / w
 *   else:    η · (m + (1 − m) · d(p)),   p = (k − w) / (K − w) cut to [0, 1]
 *            d = 1 (constant), 1 − p (linear), ½ (1 + cos πp) (cosine)
 * </pre>
 *
 * <p>η: peak; w: warm-up steps; K: steps in all; m: the minimum as a share of the peak, kept beyond
 * step K. Where K ≤ w, as in a short trial, the warm-up is all there is.
 */
public final class LearningRate {
  private final OptimizerSpecification optimizer;
  private final long steps;

  /**
   * A schedule over {@code steps} optimizer steps; a decaying one needs a known number of them.
   *
   * @param steps 0 = unknown
   */
  public LearningRate(OptimizerSpecification optimizer, long steps) {
    if (optimizer.schedule() != Schedule.CONSTANT && steps < 1) {
      throw new IllegalArgumentException(
          "schedule ["
              + optimizer.schedule()
              + "] decays over a known number of steps, got ["
              + steps
              + "]: set the number of updates, or schedule = constant");
    }
    this.optimizer = optimizer;
    this.steps = steps;
  }

  /** The rate of optimizer step {@code step}, from 1. */
  public double at(long step) {
    if (step < 1) {
      throw new IllegalArgumentException("steps count from 1, got [" + step + "]");
    }
    double peak = optimizer.learningRate();
    int warmup = optimizer.warmupSteps();
    if (step <= warmup) {
      return peak * step / warmup;
    }
    if (optimizer.schedule() == Schedule.CONSTANT) {
      return peak;
    }
    double progress = step < steps ? Math.min(1, (double) (step - warmup) / (steps - warmup)) : 1;
    double decay =
        switch (optimizer.schedule()) {
          case CONSTANT -> 1;
          case LINEAR -> 1 - progress;
          case COSINE -> 0.5 * (1 + StrictMath.cos(Math.PI * progress));
        };
    double minimum = optimizer.minimumShare();
    return peak * (minimum + (1 - minimum) * decay);
  }
}
