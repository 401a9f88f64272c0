package dev.troupe.deploy.statistics;

import dev.troupe.protocol.check.Check;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A confidence interval of a figure of several runs on one task or more, as rliable computes it: in
 * each repetition every task's scores are drawn again from that task's scores, with replacement, as
 * many as there are; the interval lies between percentiles of the figure over all repetitions.
 *
 * <p>Agarwal and others, "Deep reinforcement learning at the edge of the statistical precipice"
 * (2021), section 4.2. Percentiles lie on the straight line between neighbours, as NumPy's do. With
 * few runs the interval is too narrow: three runs can't show a score that none of them had.
 *
 * @param repetitions how often scores are drawn again; rliable has 50,000
 * @param confidence share of repetitions within the interval, like 0.95
 * @param seed of the draws: the same scores give the same interval
 */
public record StratifiedBootstrap(int repetitions, double confidence, long seed) {
  /** 95%, 2,000 repetitions. */
  public static final StratifiedBootstrap STANDARD = new StratifiedBootstrap(2_000, 0.95, 0);

  /** Ends of an interval. */
  public record Interval(double low, double high) {}

  public StratifiedBootstrap {
    Check.atLeast("repetitions", 1, repetitions);
    Check.that(confidence > 0 && confidence < 1, "confidence", "between 0 and 1", confidence);
  }

  /** Of the interquartile mean of one task's scores. */
  public Interval ofInterquartileMean(double... scores) {
    return of(List.of(scores), InterquartileMean::of);
  }

  /**
   * Of a figure of all scores together.
   *
   * @param tasks each one's scores, of at least one run; comparable between tasks
   */
  public Interval of(List<double[]> tasks, ToDoubleFunction<double[]> figure) {
    Check.atLeast("tasks", 1, tasks.size());
    tasks.forEach(scores -> Check.atLeast("scores", 1, scores.length));
    var random = new SplittableRandom(seed);
    double[] drawn = new double[tasks.stream().mapToInt(scores -> scores.length).sum()];
    double[] figures = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      int at = 0;
      for (double[] scores : tasks) {
        for (int j = 0; j < scores.length; j++) {
          drawn[at++] = scores[random.nextInt(scores.length)];
        }
      }
      figures[i] = figure.applyAsDouble(drawn);
    }
    Arrays.sort(figures);
    double outside = (1 - confidence) / 2;
    return new Interval(percentile(figures, outside), percentile(figures, 1 - outside));
  }

  /** Of ascending numbers, {@code share} from 0 to 1. */
  static double percentile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
