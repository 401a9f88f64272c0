package dev.troupe.learner.advantage;

/**
 * Zero mean, unit variance over all trained tokens of a batch.
 *
 * <pre>
 *   (x − mean) / √(var + 10⁻⁸),   var = Σ (x − mean)² / (n − 1)
 * </pre>
 *
 * <p>With a single trained token there is no variance: it gets 0.
 */
final class Whitening {
  private static final double EPSILON = 1e-8;

  private Whitening() {}

  static double[][] whiten(Scores scores, double[][] values) {
    double sum = 0;
    long n = 0;
    for (int b = 0; b < values.length; b++) {
      for (int t = 0; t < values[b].length; t++) {
        if (scores.trained(b, t)) {
          sum += values[b][t];
          n++;
        }
      }
    }
    double mean = sum / n;
    double squares = 0;
    for (int b = 0; b < values.length; b++) {
      for (int t = 0; t < values[b].length; t++) {
        if (scores.trained(b, t)) {
          squares += (values[b][t] - mean) * (values[b][t] - mean);
        }
      }
    }
    double scale = n > 1 ? 1 / Math.sqrt(squares / (n - 1) + EPSILON) : 0;
    double[][] whitened = new double[values.length][];
    for (int b = 0; b < values.length; b++) {
      whitened[b] = new double[values[b].length];
      for (int t = 0; t < values[b].length; t++) {
        whitened[b][t] = scores.trained(b, t) ? (values[b][t] - mean) * scale : 0;
      }
    }
    return whitened;
  }
}
