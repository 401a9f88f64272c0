package dev.troupe.learner.control;

import dev.troupe.model.torch.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Mean and variance of all rows seen so far, as {@code running_statistics.py} keeps them: float64
 * tensors that are changed in place.
 *
 * @param mean [D]
 * @param variance [D]
 * @param count [1]
 */
record RunningStatistics(Tensor mean, Tensor variance, Tensor count) implements AutoCloseable {
  private static final double FIRST_COUNT = 1e-4;
  private static final double EPSILON = 1e-8;

  /** Before the first row: mean 0, variance 1. */
  static RunningStatistics fresh(int columns) {
    double[] ones = new double[columns];
    Arrays.fill(ones, 1);
    return new RunningStatistics(
        Tensor.of(new double[columns], columns),
        Tensor.of(ones, columns),
        Tensor.of(new double[] {FIRST_COUNT}, 1));
  }

  List<Tensor> tensors() {
    return List.of(mean, variance, count);
  }

  boolean isFresh() {
    return count.toDoubles()[0] == FIRST_COUNT;
  }

  /** Means and 1 / √(variance + 10⁻⁸), float32: what policies carry. Before the first row 0, 1. */
  List<Tensor> forPolicy() {
    float[] scale = new float[variance.toDoubles().length];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = (float) scale(i);
    }
    return List.of(Tensor.of(mean.toFloats(), scale.length), Tensor.of(scale, scale.length));
  }

  /** 1 / √(variance + 10⁻⁸). */
  double scale(int column) {
    return isFresh() ? 1 : 1 / Math.sqrt(variance.toDoubles()[column] + EPSILON);
  }

  @Override
  public void close() {
    mean.close();
    variance.close();
    count.close();
  }
}
