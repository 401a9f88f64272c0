package dev.troupe.rollout.environment.classic;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * Sine and cosine, rounded correctly.
 *
 * <p>NumPy's agree with that on the angles of these tasks, and neither {@link Math} nor {@link
 * StrictMath} do in the last bit, which within 500 steps of an unstable system grows to a
 * hundredth. The angle is reduced to [-π/4, π/4] and the Taylor series summed with its first terms
 * in pairs of doubles; where the pair is too near the middle between two doubles to say which is
 * nearer, all terms are. Beyond 2²⁰ the library's functions do. One thread at a time uses an
 * instance.
 */
final class Trigonometry {
  private static final int TERMS = 15;
  private static final int FAST_TERMS = 10;
  private static final int FAST_PAIRS = 3;
  private static final double FAST_ERROR = 0x1p-62;
  private static final double REDUCED_MAX = 0x1p20;
  private static final double QUARTER = Math.PI / 4;

  /** π/2 in three parts. */
  private static final double HALF_PI = Math.PI / 2;

  private static final double HALF_PI_2 = 6.123233995736766e-17;
  private static final double HALF_PI_3 = -1.4973849048591833e-33;

  private static final double[] SINE = new double[TERMS];
  private static final double[] SINE_LOW = new double[TERMS];
  private static final double[] COSINE = new double[TERMS];
  private static final double[] COSINE_LOW = new double[TERMS];

  static {
    BigInteger factorial = BigInteger.ONE;
    for (int n = 0; n < 2 * TERMS; n++) {
      factorial = n == 0 ? BigInteger.ONE : factorial.multiply(BigInteger.valueOf(n));
      BigDecimal sign = BigDecimal.valueOf(n / 2 % 2 == 0 ? 1 : -1);
      BigDecimal exact = sign.divide(new BigDecimal(factorial), MathContext.DECIMAL128);
      double high = exact.doubleValue();
      (n % 2 == 0 ? COSINE : SINE)[n / 2] = high;
      (n % 2 == 0 ? COSINE_LOW : SINE_LOW)[n / 2] =
          exact.subtract(new BigDecimal(high)).doubleValue();
    }
  }

  private double high;
  private double low;

  double sin(double x) {
    return at(x, 0);
  }

  double cos(double x) {
    return at(x, 1);
  }

  /** sin(x + quarters·π/2). */
  private double at(double x, int quarters) {
    double angle = x;
    double rest = 0;
    int quadrant = quarters;
    if (!(Math.abs(x) <= QUARTER)) {
      if (!(Math.abs(x) < REDUCED_MAX)) {
        return quarters == 0 ? StrictMath.sin(x) : StrictMath.cos(x);
      }
      double turns = Math.rint(x / HALF_PI);
      double first = Math.fma(-turns, HALF_PI, x);
      double product = turns * HALF_PI_2;
      double productLow = Math.fma(turns, HALF_PI_2, -product) + turns * HALF_PI_3;
      angle = first - product;
      double taken = angle - first;
      rest = first - (angle - taken) + (-product - taken) - productLow;
      double sum = angle + rest;
      rest = angle - sum + rest;
      angle = sum;
      quadrant += (int) turns;
    }
    double value = (quadrant & 1) == 0 ? sine(angle, rest) : cosine(angle, rest);
    return (quadrant & 2) == 0 ? value : -value;
  }

  private double sine(double x, double rest) {
    if (x == 0) {
      return x;
    }
    double square = x * x;
    double squareLow = Math.fma(x, x, -square) + 2 * x * rest;
    sum(SINE, SINE_LOW, square, squareLow, FAST_TERMS, FAST_PAIRS);
    times(x, rest);
    if (isClear()) {
      return high + low;
    }
    sum(SINE, SINE_LOW, square, squareLow, TERMS, TERMS);
    times(x, rest);
    return high + low;
  }

  private double cosine(double x, double rest) {
    double square = x * x;
    double squareLow = Math.fma(x, x, -square) + 2 * x * rest;
    sum(COSINE, COSINE_LOW, square, squareLow, FAST_TERMS, FAST_PAIRS);
    if (isClear()) {
      return high + low;
    }
    sum(COSINE, COSINE_LOW, square, squareLow, TERMS, TERMS);
    return high + low;
  }

  /** Whether the error that the sum may have can't change how it is rounded. */
  private boolean isClear() {
    double error = Math.abs(high) * FAST_ERROR;
    return high + (low + error) == high + (low - error);
  }

  /** Horner's rule; the first {@code pairs} terms in pairs of doubles. */
  private void sum(double[] terms, double[] termsLow, double z, double zLow, int count, int pairs) {
    int n = count - 1;
    double s = terms[n];
    double sLow = 0;
    for (n--; n >= pairs; n--) {
      s = Math.fma(s, z, terms[n]);
    }
    for (; n >= 0; n--) {
      double product = z * s;
      double productLow = Math.fma(z, s, -product) + (z * sLow + zLow * s);
      double total = terms[n] + product;
      double totalLow = terms[n] - total + product + (termsLow[n] + productLow);
      s = total + totalLow;
      sLow = total - s + totalLow;
    }
    high = s;
    low = sLow;
  }

  private void times(double x, double rest) {
    double product = high * x;
    double productLow = Math.fma(high, x, -product) + (high * rest + low * x);
    high = product + productLow;
    low = product - high + productLow;
  }
}
