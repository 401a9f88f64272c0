package dev.troupe.protocol.run;

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
  /** Learning rate after warm-up. */
  public enum Schedule {
    CONSTANT,
    LINEAR,
    COSINE
  }
}
