package dev.troupe.learner.update;

import dev.troupe.model.torch.Tensor;

/** What one micro-batch gives: its share of the gradient [P], and its figures. */
final class MicroBatchGradient implements AutoCloseable {
  private final Tensor gradient;
  private final double[] figures;

  MicroBatchGradient(Tensor gradient, double[] figures) {
    this.gradient = gradient;
    this.figures = figures;
  }

  Tensor gradient() {
    return gradient;
  }

  double figure(int index) {
    return figures[index];
  }

  @Override
  public void close() {
    gradient.close();
  }
}
