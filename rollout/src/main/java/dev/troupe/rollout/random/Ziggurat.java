package dev.troupe.rollout.random;

/**
 * NumPy's normal and exponential draws: 256 layers of equal area under the density, of which all
 * but a hundredth of the draws need only a table and a comparison.
 *
 * <p>Source: Marsaglia and Tsang, "The ziggurat method for generating random variables" (2000), in
 * Doornik's form. The tables follow from their definition in {@link ZigguratTables}.
 */
final class Ziggurat {
  private static final ZigguratTables NORMAL = ZigguratTables.normal();
  private static final ZigguratTables EXPONENTIAL = ZigguratTables.exponential();
  private static final double NORMAL_RIGHT = ZigguratTables.NORMAL_RIGHT;
  private static final double NORMAL_RIGHT_INVERSE = 1 / NORMAL_RIGHT;
  private static final double EXPONENTIAL_RIGHT = ZigguratTables.EXPONENTIAL_RIGHT;
  private static final long MANTISSA = (1L << 52) - 1;

  private Ziggurat() {}

  static double normal(Pcg64 random) {
    while (true) {
      long bits = random.nextLong();
      int layer = (int) bits & 0xFF;
      boolean negative = (bits >>> 8 & 1) != 0;
      long magnitude = bits >>> 9 & MANTISSA;
      double x = magnitude * NORMAL.width(layer);
      if (negative) {
        x = -x;
      }
      if (magnitude < NORMAL.inside(layer)) {
        return x;
      }
      if (layer == 0) {
        return normalTail(random, (magnitude >>> 8 & 1) != 0);
      }
      if (NORMAL.density(layer, random.random()) < Math.exp(-0.5 * x * x)) {
        return x;
      }
    }
  }

  private static double normalTail(Pcg64 random, boolean negative) {
    while (true) {
      double beyond = -NORMAL_RIGHT_INVERSE * Math.log1p(-random.random());
      double height = -Math.log1p(-random.random());
      if (height + height > beyond * beyond) {
        return negative ? -(NORMAL_RIGHT + beyond) : NORMAL_RIGHT + beyond;
      }
    }
  }

  static double exponential(Pcg64 random) {
    while (true) {
      long bits = random.nextLong() >>> 3;
      int layer = (int) bits & 0xFF;
      long magnitude = bits >>> 8;
      double x = magnitude * EXPONENTIAL.width(layer);
      if (magnitude < EXPONENTIAL.inside(layer)) {
        return x;
      }
      if (layer == 0) {
        return EXPONENTIAL_RIGHT - Math.log1p(-random.random());
      }
      if (EXPONENTIAL.density(layer, random.random()) < Math.exp(-x)) {
        return x;
      }
    }
  }
}
