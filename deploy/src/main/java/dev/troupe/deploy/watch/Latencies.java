package dev.troupe.deploy.watch;

import java.time.Duration;
import java.util.Arrays;

/** How long the latest verdicts took. */
final class Latencies {
  private static final int KEPT = 1_024;

  private final double[] seconds = new double[KEPT];
  private long added;

  void add(Duration took) {
    seconds[(int) (added++ % KEPT)] = took.toNanos() / 1e9;
  }

  /**
   * What this share of them took at the most; NaN before the first.
   *
   * @param share above 0, up to 1
   */
  double quantile(double share) {
    int count = (int) Math.min(KEPT, added);
    if (count == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(seconds, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(share * count) - 1];
  }
}
