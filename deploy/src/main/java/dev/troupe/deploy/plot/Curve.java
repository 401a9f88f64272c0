package dev.troupe.deploy.plot;

import dev.troupe.protocol.check.Check;
import java.util.Arrays;
import java.util.Optional;

/** A figure over an axis: values at ascending places; at least one. */
final class Curve {
  private final double[] x;
  private final double[] y;

  /** Takes the arrays as its own: places, ascending, and a value for each. */
  Curve(double[] x, double[] y) {
    Check.atLeast("points", 1, x.length);
    Check.that(x.length == y.length, "y", x.length + " values", y.length);
    this.x = x;
    this.y = y;
  }

  /** Copies; ascending. */
  double[] places() {
    return x.clone();
  }

  /** A copy. */
  double[] values() {
    return y.clone();
  }

  double x(int i) {
    return x[i];
  }

  double y(int i) {
    return y[i];
  }

  int size() {
    return x.length;
  }

  double lastX() {
    return x[x.length - 1];
  }

  double lastY() {
    return y[y.length - 1];
  }

  /** Each value becomes the mean of the last {@code width} values. */
  Curve smoothed(int width) {
    double[] means = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      int from = Math.max(0, i - width + 1);
      double sum = 0;
      for (int j = from; j <= i; j++) {
        sum += y[j];
      }
      means[i] = sum / (i - from + 1);
    }
    return new Curve(x, means);
  }

  /** The value at a place within the curve, on the straight line between its neighbours. */
  double at(double place) {
    int found = Arrays.binarySearch(x, place);
    if (found >= 0) {
      return y[found];
    }
    int above = Math.clamp(-found - 1, 0, x.length - 1);
    int below = Math.max(0, above - 1);
    if (above == below || x[above] == x[below]) {
      return y[above];
    }
    double share = Math.clamp((place - x[below]) / (x[above] - x[below]), 0.0, 1.0);
    return y[below] + share * (y[above] - y[below]);
  }

  /**
   * With at most four points in each of {@code buckets} stretches: the first, the least, the
   * greatest and the last, so that it looks the same.
   */
  Curve thinned(int buckets) {
    if (x.length <= 4 * buckets) {
      return this;
    }
    boolean[] kept = new boolean[x.length];
    double stretch = Math.max(Double.MIN_NORMAL, lastX() - x[0]) / buckets;
    int from = 0;
    for (int i = 1; i <= x.length; i++) {
      boolean ends = i == x.length || bucket(i, stretch) != bucket(from, stretch);
      if (ends) {
        keep(kept, from, i);
        from = i;
      }
    }
    return only(kept);
  }

  private long bucket(int i, double stretch) {
    return (long) ((x[i] - x[0]) / stretch);
  }

  private void keep(boolean[] kept, int from, int to) {
    int least = from;
    int greatest = from;
    for (int i = from; i < to; i++) {
      least = y[i] < y[least] ? i : least;
      greatest = y[i] > y[greatest] ? i : greatest;
    }
    kept[from] = true;
    kept[least] = true;
    kept[greatest] = true;
    kept[to - 1] = true;
  }

  private Curve only(boolean[] kept) {
    double[] xs = new double[x.length];
    double[] ys = new double[x.length];
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      if (kept[i]) {
        xs[count] = x[i];
        ys[count++] = y[i];
      }
    }
    return new Curve(Arrays.copyOf(xs, count), Arrays.copyOf(ys, count));
  }

  /** Where a value of at least {@code goal} is reached for the first time. */
  Optional<Double> reaches(double goal) {
    for (int i = 0; i < y.length; i++) {
      if (y[i] >= goal) {
        return Optional.of(x[i]);
      }
    }
    return Optional.empty();
  }
}
