package dev.troupe.rollout.random;

import java.math.BigDecimal;
import java.math.MathContext;

/** Exponential and logarithm to 40 digits, and rounded correctly to a double: for tables. */
final class Precise {
  static final MathContext PRECISION = new MathContext(40);
  private static final int HALVINGS = 8;
  private static final int TERMS = 18;

  private Precise() {}

  static double exp(double x) {
    return exp(new BigDecimal(x)).doubleValue();
  }

  static double log(double x) {
    return log(new BigDecimal(x)).doubleValue();
  }

  /** Taylor's series at x / 2⁸, squared eight times; for |x| below 16. */
  static BigDecimal exp(BigDecimal x) {
    BigDecimal small = x.divide(BigDecimal.valueOf(1 << HALVINGS), PRECISION);
    BigDecimal sum = BigDecimal.ONE;
    for (int n = TERMS; n >= 1; n--) {
      sum = BigDecimal.ONE.add(small.multiply(sum).divide(BigDecimal.valueOf(n), PRECISION));
    }
    for (int i = 0; i < HALVINGS; i++) {
      sum = sum.multiply(sum, PRECISION);
    }
    return sum;
  }

  /** A double's logarithm a, and then log(x·e⁻ᵃ) by its series. */
  static BigDecimal log(BigDecimal x) {
    BigDecimal near = new BigDecimal(Math.log(x.doubleValue()));
    BigDecimal error = x.multiply(exp(near.negate()), PRECISION).subtract(BigDecimal.ONE);
    BigDecimal half = error.multiply(error, PRECISION).divide(BigDecimal.TWO, PRECISION);
    return near.add(error).subtract(half, PRECISION);
  }
}
