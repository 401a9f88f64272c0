package dev.troupe.rollout.verify.math;

import static dev.troupe.rollout.verify.math.Reals.PRECISION;

import java.math.BigDecimal;

/**
 * A complex number of sixty digits; functions take their principal values. Parts that are only
 * rounding are dropped, so that what is real in truth stays on its side of a branch cut.
 */
record Complex(BigDecimal re, BigDecimal im) {
  static final Complex ZERO = real(BigDecimal.ZERO);
  static final Complex ONE = real(BigDecimal.ONE);
  static final Complex I = new Complex(BigDecimal.ZERO, BigDecimal.ONE);
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /** Digits by which one part may be smaller than the other before it is rounding. */
  private static final int NOISE_DIGITS = Reals.DIGITS;

  static Complex real(BigDecimal value) {
    return new Complex(value, BigDecimal.ZERO);
  }

  static Complex of(long value) {
    return real(BigDecimal.valueOf(value));
  }

  boolean isReal() {
    return im.signum() == 0;
  }

  boolean isZero() {
    return re.signum() == 0 && im.signum() == 0;
  }

  Complex plus(Complex other) {
    BigDecimal sumRe = add(re, other.re);
    BigDecimal sumIm = add(im, other.im);
    return new Complex(sumRe, sumIm);
  }

  Complex minus(Complex other) {
    return plus(other.negate());
  }

  Complex negate() {
    return new Complex(re.negate(), im.negate());
  }

  Complex times(Complex other) {
    if (isReal() && other.isReal()) {
      return real(re.multiply(other.re, PRECISION));
    }
    return cleaned(
        re.multiply(other.re, PRECISION).subtract(im.multiply(other.im, PRECISION), PRECISION),
        re.multiply(other.im, PRECISION).add(im.multiply(other.re, PRECISION), PRECISION));
  }

  Complex dividedBy(Complex other) {
    if (other.isZero()) {
      throw new ArithmeticException("division by 0");
    }
    if (isReal() && other.isReal()) {
      return real(re.divide(other.re, PRECISION));
    }
    BigDecimal square = other.squaredSize();
    Complex top = times(new Complex(other.re, other.im.negate()));
    return new Complex(top.re.divide(square, PRECISION), top.im.divide(square, PRECISION));
  }

  BigDecimal squaredSize() {
    return re.multiply(re, PRECISION).add(im.multiply(im, PRECISION), PRECISION);
  }

  BigDecimal size() {
    return isReal() ? re.abs() : squaredSize().sqrt(PRECISION);
  }

  Complex exp() {
    BigDecimal size = Reals.exp(re);
    if (isReal()) {
      return real(size);
    }
    BigDecimal[] at = Reals.sinCos(im);
    return cleaned(size.multiply(at[1], PRECISION), size.multiply(at[0], PRECISION));
  }

  Complex ln() {
    if (isZero()) {
      throw new ArithmeticException("the logarithm of 0");
    }
    if (isReal()) {
      return new Complex(Reals.ln(re.abs()), re.signum() > 0 ? BigDecimal.ZERO : Reals.PI);
    }
    return new Complex(Reals.ln(squaredSize()).divide(TWO, PRECISION), Reals.atan2(im, re));
  }

  Complex sqrt() {
    if (isReal()) {
      BigDecimal root = re.abs().sqrt(PRECISION);
      return re.signum() >= 0 ? real(root) : new Complex(BigDecimal.ZERO, root);
    }
    return ln().dividedBy(of(2)).exp();
  }

  Complex power(Complex exponent) {
    if (isZero()) {
      if (exponent.isReal() && exponent.re.signum() > 0) {
        return ZERO;
      }
      if (exponent.isZero()) {
        return ONE;
      }
      throw new ArithmeticException("0 to a power that isn't positive");
    }
    return exponent.times(ln()).exp();
  }

  /** To a whole power, by squaring. */
  Complex power(int exponent) {
    Complex result = ONE;
    Complex square = this;
    for (int rest = Math.abs(exponent); rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result = result.times(square);
      }
      square = rest > 1 ? square.times(square) : square;
    }
    return exponent < 0 ? ONE.dividedBy(result) : result;
  }

  Complex sin() {
    if (isReal()) {
      return real(Reals.sinCos(re)[0]);
    }
    Complex turned = times(I).exp();
    return turned.minus(ONE.dividedBy(turned)).dividedBy(I.times(of(2)));
  }

  Complex cos() {
    if (isReal()) {
      return real(Reals.sinCos(re)[1]);
    }
    Complex turned = times(I).exp();
    return turned.plus(ONE.dividedBy(turned)).dividedBy(of(2));
  }

  Complex asin() {
    if (isReal() && re.abs().compareTo(BigDecimal.ONE) <= 0) {
      BigDecimal cosine =
          BigDecimal.ONE.subtract(re.multiply(re, PRECISION), PRECISION).sqrt(PRECISION);
      return real(Reals.atan2(re, cosine));
    }
    Complex root = ONE.minus(times(this)).sqrt();
    return times(I).plus(root).ln().times(I).negate();
  }

  Complex acos() {
    return real(Reals.PI.divide(TWO, PRECISION)).minus(asin());
  }

  Complex atan() {
    if (isReal()) {
      return real(Reals.atan(re));
    }
    Complex turned = times(I);
    return ONE.minus(turned).ln().minus(ONE.plus(turned).ln()).times(I).dividedBy(of(2));
  }

  Complex sinh() {
    Complex grown = exp();
    return grown.minus(ONE.dividedBy(grown)).dividedBy(of(2));
  }

  Complex cosh() {
    Complex grown = exp();
    return grown.plus(ONE.dividedBy(grown)).dividedBy(of(2));
  }

  Complex asinh() {
    return plus(times(this).plus(ONE).sqrt()).ln();
  }

  Complex acosh() {
    return plus(plus(ONE).sqrt().times(minus(ONE).sqrt())).ln();
  }

  Complex atanh() {
    return ONE.plus(this).ln().minus(ONE.minus(this).ln()).dividedBy(of(2));
  }

  /** a + b; 0 where only rounding is left of what cancels. */
  private static BigDecimal add(BigDecimal a, BigDecimal b) {
    BigDecimal sum = a.add(b, PRECISION);
    return a.signum() * b.signum() < 0 && magnitude(sum) < magnitude(a) - NOISE_DIGITS
        ? BigDecimal.ZERO
        : sum;
  }

  private static Complex cleaned(BigDecimal re, BigDecimal im) {
    if (magnitude(im) < magnitude(re) - NOISE_DIGITS) {
      return real(re);
    }
    if (magnitude(re) < magnitude(im) - NOISE_DIGITS) {
      return new Complex(BigDecimal.ZERO, im);
    }
    return new Complex(re, im);
  }

  private static long magnitude(BigDecimal value) {
    return value.signum() == 0 ? Integer.MIN_VALUE : (long) value.precision() - value.scale();
  }
}
