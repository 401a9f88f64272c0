package dev.troupe.deploy.history;

import dev.troupe.model.network.WeightSketch;
import dev.troupe.protocol.tensor.FloatArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How far weights may be from the recorded ones where another processor rounds otherwise.
 *
 * <pre>
 *   |recorded - replayed| ≤ {@value #FACTOR} · drift · way + {@value #STORING} · |replayed|   for each tensor
 *   way   = Σ |w(k) - w(k-1)|             over the steps k of this stretch
 *   drift = the most so far of √ mean over tensors of (|w(k) - v(k)| / way)²
 * </pre>
 *
 * <p>Learning magnifies what rounding begins: tenfold in ten steps of supervised learning from
 * random weights, hardly in an update of fine-tuning. No fixed bound is right for both, so it is
 * measured: {@code v} are the weights of a second replay, of the same steps with sums in another
 * order. Beyond a drift of {@value #TELLING} weights say little, and only the batches are proven,
 * up to the next kept checkpoint: there a stretch ends, and the next begins with the recorded
 * weights. The bound's second term is what storing weights in float32 costs.
 *
 * <p>Distances between sketches are estimates, too large by a factor of two once in 10⁸ cases:
 * recorded weights of which only a sketch is left may be that much farther away.
 */
final class Tolerance {
  /** Another processor's kernels round at every operation, another order only where it sums. */
  static final double FACTOR = 10;

  /** Drift up to which a comparison of weights tells one learner from another. */
  static final double TELLING = 0.02;

  private static final double STORING = 1e-6;
  private static final double ESTIMATES = 2;

  private final List<String> tensors;
  private final double[] ways;
  private final Map<Long, Bounds> bounds = new HashMap<>();
  private FloatArray last = FloatArray.empty();
  private double drift;

  /**
   * @param tensors names, in order
   */
  Tolerance(List<String> tensors) {
    this.tensors = List.copyOf(tensors);
    this.ways = new double[tensors.size()];
  }

  private record Bounds(double drift, List<Double> ways, List<Double> norms) {
    double of(int tensor) {
      return FACTOR * drift * ways.get(tensor) + STORING * norms.get(tensor);
    }
  }

  /**
   * The tensor that is farthest away, measured by what it may be.
   *
   * @param way share of its way that it is away
   * @param may share of its way that it may be away
   * @param telling whether another learner would be found out
   */
  record Farthest(String tensor, double way, double may, boolean telling) {
    boolean isWithin() {
      return way <= may;
    }

    String text() {
      return String.format(
          Locale.ROOT,
          "tensor [%s] is %.2g of its way from the recorded one, rounding explains up to %.2g",
          tensor,
          way,
          may);
    }
  }

  /** Both replays stand here before a stretch. */
  void begin(FloatArray sketch) {
    last = sketch;
    Arrays.fill(ways, 0);
    drift = 0;
  }

  /** The replay made {@code update}, and so did the second one. */
  void moved(long update, FloatArray sketch, FloatArray second) {
    List<Double> step = WeightSketch.distances(last, sketch);
    List<Double> apart = WeightSketch.distances(sketch, second);
    List<Double> sizes = WeightSketch.distances(sketch, FloatArray.of(new float[sketch.size()]));
    double squares = 0;
    for (int t = 0; t < ways.length; t++) {
      ways[t] += step.get(t);
      double share = ways[t] == 0 ? 0 : apart.get(t) / ways[t];
      squares += share * share;
    }
    drift = Math.max(drift, Math.sqrt(squares / ways.length));
    bounds.put(update, new Bounds(drift, Arrays.stream(ways).boxed().toList(), sizes));
    last = sketch;
  }

  /** What {@code recorded} leaves of the weights of {@code update} beside what the replay made. */
  Farthest compare(long update, FloatArray recorded, FloatArray made) {
    return farthest(update, WeightSketch.distances(recorded, made), ESTIMATES);
  }

  /**
   * @param distances of the weights themselves, for each tensor
   */
  Farthest compare(long update, List<Double> distances) {
    return farthest(update, distances, 1);
  }

  private Farthest farthest(long update, List<Double> distances, double slack) {
    Bounds may = bounds.get(update);
    if (may == null) {
      throw new IllegalStateException("update [" + update + "] was not made again");
    }
    int worst = 0;
    double most = -1;
    for (int t = 0; t < distances.size(); t++) {
      double share = distances.get(t) == 0 ? 0 : distances.get(t) / (slack * may.of(t));
      if (!(share <= most)) {
        most = share;
        worst = t;
      }
    }
    double way = Math.max(may.ways().get(worst), Double.MIN_NORMAL);
    return new Farthest(
        tensors.get(worst),
        distances.get(worst) / way,
        slack * may.of(worst) / way,
        may.drift() <= TELLING);
  }
}
