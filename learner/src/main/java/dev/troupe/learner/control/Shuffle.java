package dev.troupe.learner.control;

import java.util.SplittableRandom;

/**
 * Which rows the minibatches of several passes take: every pass is a permutation by (seed, update,
 * pass), cut into parts of nearly equal size.
 *
 * @param order rows of all minibatches, one after the other
 * @param bounds where each begins in it, and the end
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the program at once
record Shuffle(long[] order, long[] bounds) {
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
