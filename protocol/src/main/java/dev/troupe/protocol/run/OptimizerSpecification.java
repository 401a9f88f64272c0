package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;

/**
 * AdamW with a schedule.
 *
 * @param learningRate peak
 * @param warmupSteps linear from 0
 * @param schedule after warm-up
 * @param minimumShare of the peak that a decaying schedule ends at
 * @param clipNorm largest global gradient norm; 0 = no clipping
 */
public record OptimizerSpecification(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    int warmupSteps,
    Schedule schedule,
    double minimumShare,
    double clipNorm) {
  public OptimizerSpecification {
    Check.notNegative("learningRate", learningRate);
    Check.that(beta1 >= 0 && beta1 < 1, "beta1", "at least 0 and below 1", beta1);
    Check.that(beta2 >= 0 && beta2 < 1, "beta2", "at least 0 and below 1", beta2);
    Check.positive("epsilon", epsilon);
    Check.notNegative("weightDecay", weightDecay);
    Check.atLeast("warmupSteps", 0, warmupSteps);
    Check.within("minimumShare", 0, 1, minimumShare);
    Check.notNegative("clipNorm", clipNorm);
  }

  /** Learning rate after warm-up. */
  public enum Schedule {
    CONSTANT,
    LINEAR,
    COSINE
  }
}
