package dev.troupe.model.network;

import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.tensor.FloatArray;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights made small enough to be journaled at every update, so that distances between weights can
 * be estimated from what is left of them.
 *
 * <pre>
 *   sketch[t, j] = Σ sign(i) · w[t, i]   over the elements i of tensor t with i mod 16 = j
 * </pre>
 *
 * <p>Signs are random and the same for everybody, so for two versions of a tensor E Σⱼ (a[t, j] -
 * b[t, j])² = |a - b|², with a relative standard deviation of at most √(2/16) = 35% (count sketch:
 * Charikar, Chen, Farach-Colton 2002). Sums are made in double precision and in order, which no
 * processor changes.
 */
public final class WeightSketch {
  /** Sums for each tensor. */
  public static final int SUMS = 16;

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final int ROWS_A_DRAW = Long.SIZE / SUMS;

  private WeightSketch() {}

  /** {@link #SUMS} numbers for each tensor, in order. */
  public static FloatArray of(Parameters parameters) {
    float[] sketch = new float[parameters.tensors().size() * SUMS];
    for (int t = 0; t < parameters.tensors().size(); t++) {
      double[] sums = sums(parameters.tensors().get(t), (long) t << 40);
      for (int j = 0; j < SUMS; j++) {
        sketch[t * SUMS + j] = (float) sums[j];
      }
    }
    return FloatArray.of(sketch);
  }

  private static double[] sums(Tensor tensor, long firstDraw) {
    return tensor.withBytes(
        bytes -> sums(bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer(), firstDraw));
  }

  private static double[] sums(FloatBuffer weights, long firstDraw) {
    double[] sums = new double[SUMS];
    float[] row = new float[SUMS];
    long draw = firstDraw;
    long signs = 0;
    for (int at = 0, rows = 0; at < weights.limit(); at += SUMS, rows++) {
      if (rows % ROWS_A_DRAW == 0) {
        signs = mixed(draw++);
      }
      int length = Math.min(SUMS, weights.limit() - at);
      weights.get(at, row, 0, length);
      for (int j = 0; j < length; j++) {
        sums[j] += Float.intBitsToFloat(Float.floatToRawIntBits(row[j]) ^ signBit(signs, j));
      }
      signs >>>= SUMS;
    }
    return sums;
  }

  private static int signBit(long signs, int j) {
    return (int) (signs >>> j) << (Integer.SIZE - 1);
  }

  /** SplitMix64's output function. */
  private static long mixed(long draw) {
    long z = (draw + 1) * GOLDEN;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Estimated Euclidean distance of each tensor between two versions of the same weights. */
  public static List<Double> distances(FloatArray one, FloatArray other) {
    if (one.size() != other.size()) {
      throw new IllegalArgumentException(
          "sketches of [" + one.size() + "] and [" + other.size() + "] sums aren't of one network");
    }
    List<Double> distances = new ArrayList<>();
    for (int from = 0; from < one.size(); from += SUMS) {
      double squares = 0;
      for (int j = from; j < from + SUMS; j++) {
        double difference = (double) one.at(j) - other.at(j);
        squares += difference * difference;
      }
      distances.add(Math.sqrt(squares));
    }
    return distances;
  }
}
