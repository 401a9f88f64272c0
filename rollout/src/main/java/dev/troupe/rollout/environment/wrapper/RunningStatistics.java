package dev.troupe.rollout.environment.wrapper;

import dev.troupe.protocol.check.Check;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Mean and variance of all rows seen so far, for each of D columns.
 *
 * <pre>
 * δ = m_b − m,  n' = n + n_b,  m' = m + δ·n_b / n',
 * v' = (v·n + v_b·n_b + δ²·n·n_b / n') / n'
 * </pre>
 *
 * Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample
 * variances" (1979); v is the variance of the population. It begins with mean 0, variance 1 and a
 * count of 1e-4, as Gymnasium and Stable-Baselines3 have it. One thread at a time.
 */
public final class RunningStatistics {
  private static final double COUNT = 1e-4;

  private final double[] mean;
  private final double[] variance;
  private final double[] batchMean;
  private final double[] batchVariance;
  private double count = COUNT;

  /**
   * All that the statistics are.
   *
   * @param mean [D]
   * @param variance [D]
   * @param count of rows, with the 1e-4 of the beginning
   */
  public record State(List<Double> mean, List<Double> variance, double count) {
    public State {
      mean = List.copyOf(mean);
      variance = List.copyOf(variance);
      int columns = mean.size();
      Check.that(columns == variance.size(), "variance", columns + " numbers", variance.size());
      Check.notNegative("count", count);
    }
  }

  /**
   * @param columns D
   */
  public RunningStatistics(int columns) {
    mean = new double[columns];
    variance = new double[columns];
    batchMean = new double[columns];
    batchVariance = new double[columns];
    Arrays.fill(variance, 1);
  }

  /** Takes in rows of a batch, [rows, D]. */
  public void update(FloatBuffer batch, int rows) {
    int columns = mean.length;
    for (int c = 0; c < columns; c++) {
      double sum = 0;
      for (int r = 0; r < rows; r++) {
        sum += batch.get(r * columns + c);
      }
      double middle = sum / rows;
      double squares = 0;
      for (int r = 0; r < rows; r++) {
        double distance = batch.get(r * columns + c) - middle;
        squares += distance * distance;
      }
      batchMean[c] = middle;
      batchVariance[c] = squares / rows;
    }
    merge(rows);
  }

  /** Takes in a batch of a single column. */
  public void update(double[] batch) {
    double sum = 0;
    for (double value : batch) {
      sum += value;
    }
    double middle = sum / batch.length;
    double squares = 0;
    for (double value : batch) {
      squares += (value - middle) * (value - middle);
    }
    batchMean[0] = middle;
    batchVariance[0] = squares / batch.length;
    merge(batch.length);
  }

  /** Takes in all that {@code other} has seen, its beginning included. */
  public void merge(State other) {
    copy(other.mean(), batchMean);
    copy(other.variance(), batchVariance);
    merge(other.count());
  }

  private void merge(double rows) {
    double total = count + rows;
    for (int c = 0; c < mean.length; c++) {
      double delta = batchMean[c] - mean[c];
      double squares =
          variance[c] * count + batchVariance[c] * rows + delta * delta * count * rows / total;
      mean[c] += delta * rows / total;
      variance[c] = squares / total;
    }
    count = total;
  }

  public double mean(int column) {
    return mean[column];
  }

  public double variance(int column) {
    return variance[column];
  }

  public double count() {
    return count;
  }

  /** (value − mean) / √(variance + ε), at most {@code clip} from 0. */
  public float normalised(int column, double value, double epsilon, double clip) {
    double scaled = (value - mean[column]) / Math.sqrt(variance[column] + epsilon);
    return (float) Math.min(Math.max(scaled, -clip), clip);
  }

  public State state() {
    return new State(
        Arrays.stream(mean).boxed().toList(), Arrays.stream(variance).boxed().toList(), count);
  }

  public void restore(State state) {
    copy(state.mean(), mean);
    copy(state.variance(), variance);
    count = state.count();
  }

  private static void copy(List<Double> from, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from.get(i);
    }
  }
}
