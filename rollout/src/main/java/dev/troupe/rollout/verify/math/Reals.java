package dev.troupe.rollout.verify.math;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Elementary functions of real numbers to about {@value #DIGITS} digits.
 *
 * <p>A first value comes from a double. What is missing is so small that a few terms of a series
 * give it: ln x = y + ln(1 + (x·e⁻ʸ − 1)), atan x = y + atan((x cos y − sin y) / (cos y + x sin
 * y)).
 */
final class Reals {
  static final int DIGITS = 50;

  /** Computation carries more digits than are believed. */
  static final MathContext PRECISION = new MathContext(DIGITS + 12, RoundingMode.HALF_EVEN);

  /** Exponents beyond this have no value: e^±20000 has 8,700 digits. */
  private static final BigDecimal EXPONENT_MAX = BigDecimal.valueOf(20_000);

  /** Angles beyond this lose too many digits of their remainder. */
  private static final BigDecimal ANGLE_MAX = new BigDecimal("1e12");

  static final BigDecimal PI =
      new BigDecimal(
          "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862");
  static final BigDecimal E =
      new BigDecimal(
          "2.71828182845904523536028747135266249775724709369995957496696762772407663035354759457");
  static final BigDecimal EULER_GAMMA =
      new BigDecimal(
          "0.57721566490153286060651209008240243104215933593992359880576723488486772677766467094");
  private static final BigDecimal LN_2 =
      new BigDecimal(
          "0.69314718055994530941723212145817656807550013436025525412068000949339362196969471561");
  private static final BigDecimal LN_10 =
      new BigDecimal(
          "2.30258509299404568401799145468436420760110148862877297603332790096757260967735248024");
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final int HALVINGS = 6;

  private Reals() {}

  static BigDecimal exp(BigDecimal x) {
    if (x.abs().compareTo(EXPONENT_MAX) > 0) {
      throw new TooMuchWorkException("an exponent beyond [" + EXPONENT_MAX + "]");
    }
    BigInteger twos = x.divide(LN_2, PRECISION).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
    BigDecimal rest = x.subtract(LN_2.multiply(new BigDecimal(twos)), PRECISION);
    rest = rest.divide(BigDecimal.valueOf(1L << HALVINGS), PRECISION);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1; !negligible(term); i++) {
      term = term.multiply(rest, PRECISION).divide(BigDecimal.valueOf(i), PRECISION);
      sum = sum.add(term, PRECISION);
    }
    for (int i = 0; i < HALVINGS; i++) {
      sum = sum.multiply(sum, PRECISION);
    }
    return sum.multiply(TWO.pow(twos.intValueExact(), PRECISION), PRECISION);
  }

  /** Of a positive number. */
  static BigDecimal ln(BigDecimal x) {
    int exponent = x.precision() - x.scale() - 1;
    BigDecimal mantissa = x.scaleByPowerOfTen(-exponent);
    BigDecimal guess = new BigDecimal(Math.log(mantissa.doubleValue()));
    BigDecimal rest =
        mantissa.multiply(exp(guess.negate()), PRECISION).subtract(BigDecimal.ONE, PRECISION);
    BigDecimal sum = guess;
    BigDecimal power = rest;
    for (int i = 1; i <= 5; i++) {
      BigDecimal term = power.divide(BigDecimal.valueOf(i), PRECISION);
      sum = i % 2 == 1 ? sum.add(term, PRECISION) : sum.subtract(term, PRECISION);
      power = power.multiply(rest, PRECISION);
    }
    return sum.add(LN_10.multiply(BigDecimal.valueOf(exponent)), PRECISION);
  }

  /** Sine and cosine. */
  static BigDecimal[] sinCos(BigDecimal angle) {
    if (angle.abs().compareTo(ANGLE_MAX) > 0) {
      throw new TooMuchWorkException("an angle beyond [" + ANGLE_MAX + "]");
    }
    BigDecimal turn = PI.multiply(TWO);
    BigDecimal turns = angle.divide(turn, PRECISION).setScale(0, RoundingMode.HALF_EVEN);
    BigDecimal rest = angle.subtract(turn.multiply(turns));
    BigDecimal part = rest.divide(BigDecimal.valueOf(1L << HALVINGS), PRECISION);
    BigDecimal sine = part;
    // 1 − cos: the cosine itself would lose digits where it is doubled.
    BigDecimal cosineLess = BigDecimal.ZERO;
    BigDecimal term = part;
    for (int i = 1; !negligible(term); i++) {
      BigDecimal even =
          term.multiply(part, PRECISION).divide(BigDecimal.valueOf(2L * i), PRECISION);
      cosineLess =
          i % 2 == 1 ? cosineLess.add(even, PRECISION) : cosineLess.subtract(even, PRECISION);
      term = even.multiply(part, PRECISION).divide(BigDecimal.valueOf(2L * i + 1), PRECISION);
      sine = i % 2 == 1 ? sine.subtract(term, PRECISION) : sine.add(term, PRECISION);
    }
    for (int i = 0; i < HALVINGS; i++) {
      BigDecimal cosine = BigDecimal.ONE.subtract(cosineLess, PRECISION);
      cosineLess = sine.multiply(sine, PRECISION).multiply(TWO);
      sine = sine.multiply(cosine, PRECISION).multiply(TWO, PRECISION);
    }
    BigDecimal cosine = BigDecimal.ONE.subtract(cosineLess, PRECISION);
    return new BigDecimal[] {
      turns.signum() == 0 && tiny(rest) ? sine : zeroIfTiny(sine), zeroIfTiny(cosine)
    };
  }

  static BigDecimal atan(BigDecimal x) {
    if (x.abs().compareTo(BigDecimal.ONE) > 0) {
      BigDecimal right = PI.divide(TWO, PRECISION);
      BigDecimal rest = atan(BigDecimal.ONE.divide(x, PRECISION));
      return (x.signum() > 0 ? right : right.negate()).subtract(rest, PRECISION);
    }
    BigDecimal guess = new BigDecimal(Math.atan(x.doubleValue()));
    BigDecimal[] at = sinCos(guess);
    BigDecimal rest =
        x.multiply(at[1], PRECISION)
            .subtract(at[0], PRECISION)
            .divide(at[1].add(x.multiply(at[0], PRECISION), PRECISION), PRECISION);
    BigDecimal square = rest.multiply(rest, PRECISION);
    BigDecimal cubic = rest.multiply(square, PRECISION);
    return guess
        .add(rest, PRECISION)
        .subtract(cubic.divide(BigDecimal.valueOf(3), PRECISION), PRECISION)
        .add(cubic.multiply(square, PRECISION).divide(BigDecimal.valueOf(5), PRECISION), PRECISION);
  }

  /** The angle of (x, y), from −π exclusive to π; of (0, 0) it has none. */
  static BigDecimal atan2(BigDecimal y, BigDecimal x) {
    if (x.signum() == 0) {
      BigDecimal right = PI.divide(TWO, PRECISION);
      return y.signum() >= 0 ? right : right.negate();
    }
    BigDecimal angle = atan(y.divide(x, PRECISION));
    if (x.signum() > 0) {
      return angle;
    }
    return y.signum() >= 0 ? angle.add(PI, PRECISION) : angle.subtract(PI, PRECISION);
  }

  /** The sine of π and the cosine of π/2 are 0, not what rounding leaves of them. */
  private static BigDecimal zeroIfTiny(BigDecimal value) {
    return tiny(value) ? BigDecimal.ZERO : value;
  }

  private static boolean tiny(BigDecimal value) {
    return value.precision() - value.scale() < -DIGITS;
  }

  private static boolean negligible(BigDecimal term) {
    return term.signum() == 0 || term.precision() - term.scale() < -PRECISION.getPrecision() - 4;
  }
}
