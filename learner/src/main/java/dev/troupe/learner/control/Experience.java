package dev.troupe.learner.control;

import dev.troupe.model.torch.Tensor;
import java.util.List;

/**
 * T steps of N lanes as the tensors that {@code experience.py} lists. Never changed after it was
 * made; whoever made it closes it.
 */
final class Experience implements AutoCloseable {
  /** Place of the rewards [T, N]. */
  private static final int REWARDS = 3;

  private final List<Tensor> tensors;
  private final int steps;
  private final int lanes;

  Experience(List<Tensor> tensors) {
    this.tensors = List.copyOf(tensors);
    long[] grid = tensors.get(REWARDS).shape();
    this.steps = Math.toIntExact(grid[0]);
    this.lanes = Math.toIntExact(grid[1]);
  }

  /** T. */
  int steps() {
    return steps;
  }

  /** N. */
  int lanes() {
    return lanes;
  }

  List<Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }
}
