package dev.troupe.learner.control;

import java.util.SplittableRandom;

/**
 * Which rows the minibatches of several passes take: every pass is a permutation by (seed, update,
 * pass), cut into parts of nearly equal size.
 */
final class Shuffle {
  private final long[] order;
  private final long[] bounds;

  private Shuffle(long[] order, long[] bounds) {
    this.order = order;
    this.bounds = bounds;
  }

  /** Rows of all minibatches, one after the other. */
  long[] order() {
    return order;
  }

  /** Where each minibatch begins in {@link #order}, and the end. */
  long[] bounds() {
    return bounds;
  }

  /**
   * @param rows to permute
   * @param parts of a pass; no more than half of the rows, as a single row has no deviation
   */
  static Shuffle of(int rows, int parts, int passes, long seed, long update) {
    int cut = Math.max(1, Math.min(parts, rows / 2));
    long[] order = new long[rows * passes];
    long[] bounds = new long[cut * passes + 1];
    for (int pass = 0; pass < passes; pass++) {
      SplittableRandom random =
          new SplittableRandom(seed ^ (update * 0x9E3779B97F4A7C15L) ^ ((long) pass << 48));
      int first = pass * rows;
      for (int i = 0; i < rows; i++) {
        int j = random.nextInt(i + 1);
        order[first + i] = order[first + j];
        order[first + j] = i;
      }
      for (int part = 0; part < cut; part++) {
        bounds[pass * cut + part + 1] = first + (long) rows * (part + 1) / cut;
      }
    }
    return new Shuffle(order, bounds);
  }
}
