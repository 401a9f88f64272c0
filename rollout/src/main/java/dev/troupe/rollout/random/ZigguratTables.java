package dev.troupe.rollout.random;

import static dev.troupe.rollout.random.Precise.PRECISION;

import java.math.BigDecimal;

/**
 * The layers of a ziggurat: n = 256 pieces of equal area v under a decreasing density f, of which
 * the lowest holds the tail beyond r.
 *
 * <pre>
 * x₂₅₅ = r,   f(xᵢ) = f(xᵢ₊₁) + v / xᵢ₊₁,   xᵢ = f⁻¹(f(xᵢ)),   q = v / f(r)
 * width₀ = q / m,  widthᵢ = xᵢ / m;   inside₀ = m·r / q,  insideᵢ = m·xᵢ₋₁ / xᵢ
 * </pre>
 *
 * NumPy's table for the exponential is this, rounded once. Its table for the normal is the same
 * recursion in doubles, every operation rounded (and one exponential rounded the wrong way), which
 * differs in the last digits; both are repeated here to the bit.
 */
final class ZigguratTables {
  static final double NORMAL_RIGHT = 3.654152885361009;
  static final double EXPONENTIAL_RIGHT = 7.69711747013105;
  private static final String EXPONENTIAL_RIGHT_DIGITS = "7.6971174701310497140446280481";

  /** r·f(r) + ∫ᵣ^∞ f for the normal, in doubles. */
  private static final double NORMAL_AREA = 0.004928673233974652;

  /** The layer whose density the maker of NumPy's table had one unit in the last place too high. */
  private static final int ROUNDED_UP = 38;

  private static final int LAYERS = 256;
  private static final double NORMAL_SCALE = 0x1p52;

  private final double[] widths;
  private final long[] insides;
  private final double[] densities;

  private ZigguratTables(double[] widths, long[] insides, double[] densities) {
    this.widths = widths;
    this.insides = insides;
    this.densities = densities;
  }

  double width(int layer) {
    return widths[layer];
  }

  /** Magnitudes below this are under the density whatever their height. */
  long inside(int layer) {
    return insides[layer];
  }

  /** The density at a share of the way from the layer's lower edge to its upper. */
  double density(int layer, double share) {
    return (densities[layer - 1] - densities[layer]) * share + densities[layer];
  }

  static ZigguratTables normal() {
    double[] edges = new double[LAYERS];
    double[] densities = new double[LAYERS];
    densities[0] = 1;
    edges[LAYERS - 1] = NORMAL_RIGHT;
    for (int i = LAYERS - 1; i >= 1; i--) {
      double x = edges[i];
      double density = Precise.exp(-0.5 * x * x);
      densities[i] = i == ROUNDED_UP ? Math.nextUp(density) : density;
      if (i > 1) {
        edges[i - 1] = Math.sqrt(-2 * Precise.log(NORMAL_AREA / x + densities[i]));
      }
    }
    double base = NORMAL_AREA / densities[LAYERS - 1];
    double[] widths = new double[LAYERS];
    long[] insides = new long[LAYERS];
    widths[0] = base / NORMAL_SCALE;
    insides[0] = (long) Math.rint(NORMAL_RIGHT / base * NORMAL_SCALE);
    for (int i = 1; i < LAYERS; i++) {
      widths[i] = edges[i] / NORMAL_SCALE;
      insides[i] = (long) Math.rint(edges[i - 1] / edges[i] * NORMAL_SCALE);
    }
    return new ZigguratTables(widths, insides, densities);
  }

  static ZigguratTables exponential() {
    BigDecimal[] edges = new BigDecimal[LAYERS];
    double[] densities = new double[LAYERS];
    densities[0] = 1;
    BigDecimal right = new BigDecimal(EXPONENTIAL_RIGHT_DIGITS);
    BigDecimal density = Precise.exp(right.negate());
    BigDecimal area = right.add(BigDecimal.ONE).multiply(density, PRECISION);
    BigDecimal base = area.divide(density, PRECISION);
    edges[LAYERS - 1] = right;
    densities[LAYERS - 1] = density.doubleValue();
    for (int i = LAYERS - 2; i >= 1; i--) {
      density = density.add(area.divide(edges[i + 1], PRECISION), PRECISION);
      densities[i] = density.doubleValue();
      edges[i] = Precise.log(density).negate();
    }
    double[] widths = new double[LAYERS];
    long[] insides = new long[LAYERS];
    widths[0] = base.doubleValue() * 0x1p-53;
    insides[0] = evenFloor(right.divide(base, PRECISION));
    for (int i = 1; i < LAYERS; i++) {
      widths[i] = edges[i].doubleValue() * 0x1p-53;
      insides[i] = i == 1 ? 0 : evenFloor(edges[i - 1].divide(edges[i], PRECISION));
    }
    return new ZigguratTables(widths, insides, densities);
  }

  /** A share of 2⁵³, of which NumPy keeps 52 bits. */
  private static long evenFloor(BigDecimal share) {
    return 2 * share.multiply(BigDecimal.valueOf(1L << 52), PRECISION).longValue();
  }
}
