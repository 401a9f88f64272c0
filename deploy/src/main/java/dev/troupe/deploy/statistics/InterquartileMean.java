package dev.troupe.deploy.statistics;

import dev.troupe.protocol.check.Check;
import java.util.Arrays;

/**
 * The mean of the middle half of numbers, less moved by outliers than the mean and less wasteful
 * than the median.
 *
 * <p>IQM(x) = mean of x₍ₖ₊₁₎ … x₍ₙ₋ₖ₎, sorted, k = ⌊n/4⌋. Agarwal and others, "Deep reinforcement
 * learning at the edge of the statistical precipice" (2021); as {@code scipy.stats.trim_mean(x,
 * 0.25)} computes it, so that below four numbers it is the mean.
 */
public final class InterquartileMean {
  private InterquartileMean() {}

  /** Of at least one number; the array stays as it is. */
  public static double of(double... numbers) {
    Check.atLeast("numbers", 1, numbers.length);
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int cut = sorted.length / 4;
    double sum = 0;
    for (int i = cut; i < sorted.length - cut; i++) {
      sum += sorted[i];
    }
    return sum / (sorted.length - 2 * cut);
  }
}
