package dev.troupe.learner.control;

import dev.troupe.learner.LearnerMetrics;
import java.util.Map;

/** What {@code control_update.py} counted in an update. */
final class ControlFigures {
  private final double[] steps;
  private final double[] batch;

  /**
   * @param steps [10] of {@code optimise}
   * @param batch [7] of {@code batch_figures}
   */
  ControlFigures(double[] steps, double[] batch) {
    this.steps = steps;
    this.batch = batch;
  }

  /** Minibatches whose gradient was not finite. */
  int skipped() {
    return (int) steps[1];
  }

  void report(Map<String, Double> metrics) {
    double taken = steps[0];
    metrics.put(LearnerMetrics.OPTIMIZER_STEPS, taken);
    if (taken > 0) {
      metrics.put(LearnerMetrics.LOSS, steps[2] / taken);
      metrics.put(LearnerMetrics.POLICY_LOSS, steps[3] / taken);
      metrics.put(LearnerMetrics.VALUE_LOSS, steps[4] / taken);
      metrics.put(LearnerMetrics.ENTROPY, steps[5] / taken);
      metrics.put(LearnerMetrics.CLIPPED_SHARE, steps[6] / taken);
      metrics.put(LearnerMetrics.KL_OLD_K1, steps[7] / taken);
      metrics.put(LearnerMetrics.KL_OLD_K3, steps[8] / taken);
      metrics.put(LearnerMetrics.GRADIENT_NORM, steps[9] / taken);
    }
    double rows = batch[0];
    metrics.put(LearnerMetrics.RHO_MEAN, batch[1] / rows);
    metrics.put(LearnerMetrics.RHO_MAX, batch[3]);
    metrics.put(LearnerMetrics.EFFECTIVE_SAMPLE_SHARE, batch[1] * batch[1] / (rows * batch[2]));
    metrics.put(LearnerMetrics.VALUE_MEAN, batch[6]);
    if (batch[5] > 0) {
      metrics.put(LearnerMetrics.EXPLAINED_VARIANCE, 1 - batch[4] / batch[5]);
    }
  }
}
