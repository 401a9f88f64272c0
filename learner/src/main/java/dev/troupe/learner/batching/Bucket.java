package dev.troupe.learner.batching;

/**
 * Lengths that micro-batches are padded to: few different shapes, at most an eighth of padding from
 * rounding (small lengths: to a multiple of 2).
 */
final class Bucket {
  private Bucket() {}

  static int roundUp(int length) {
    int step = Math.max(2, Integer.highestOneBit(Math.max(1, length - 1)) / 8);
    return Math.max(step, (length + step - 1) / step * step);
  }
}
