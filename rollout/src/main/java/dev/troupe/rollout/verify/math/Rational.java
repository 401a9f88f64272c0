package dev.troupe.rollout.verify.math;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** An exact fraction in lowest terms; the denominator is positive. */
record Rational(BigInteger numerator, BigInteger denominator) implements Comparable<Rational> {
  static final Rational ZERO = of(0);
  static final Rational ONE = of(1);
  static final Rational MINUS_ONE = of(-1);
  static final Rational HALF = of(1, 2);

  /** Numbers with more bits than this aren't computed exactly. */
  static final int BITS_MAX = 1 << 15;

  Rational {
    if (denominator.signum() == 0) {
      throw new ArithmeticException("a fraction with denominator 0");
    }
    if (!denominator.equals(BigInteger.ONE)) {
      BigInteger divisor = numerator.gcd(denominator);
      if (denominator.signum() < 0) {
        divisor = divisor.negate();
      }
      if (!divisor.equals(BigInteger.ONE)) {
        numerator = numerator.divide(divisor);
        denominator = denominator.divide(divisor);
      }
    }
    if (numerator.bitLength() > BITS_MAX || denominator.bitLength() > BITS_MAX) {
      throw new TooMuchWorkException("a number of more than [" + BITS_MAX + "] bits");
    }
  }

  static Rational of(long value) {
    return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
  }

  static Rational of(long numerator, long denominator) {
    return new Rational(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }

  static Rational of(BigInteger value) {
    return new Rational(value, BigInteger.ONE);
  }

  static Rational of(BigDecimal value) {
    if (Math.abs((long) value.scale()) > BITS_MAX / 4) {
      throw new TooMuchWorkException("a number with [" + value.scale() + "] decimals");
    }
    return value.scale() <= 0
        ? of(value.toBigIntegerExact())
        : new Rational(value.unscaledValue(), BigInteger.TEN.pow(value.scale()));
  }

  Rational plus(Rational other) {
    if (isInteger() && other.isInteger()) {
      return of(numerator.add(other.numerator));
    }
    return new Rational(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  Rational minus(Rational other) {
    return plus(other.negate());
  }

  Rational times(Rational other) {
    return new Rational(
        numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  Rational dividedBy(Rational other) {
    return new Rational(
        numerator.multiply(other.denominator), denominator.multiply(other.numerator));
  }

  Rational negate() {
    return new Rational(numerator.negate(), denominator);
  }

  /** To an integer power; 0 has no negative ones. */
  Rational power(int exponent) {
    long bits = Math.max(numerator.bitLength(), denominator.bitLength());
    if (bits * Math.abs((long) exponent) > 2L * BITS_MAX) {
      throw new TooMuchWorkException("a power of more than [" + BITS_MAX + "] bits");
    }
    int times = Math.abs(exponent);
    return exponent >= 0
        ? new Rational(numerator.pow(times), denominator.pow(times))
        : new Rational(denominator.pow(times), numerator.pow(times));
  }

  boolean isInteger() {
    return denominator.equals(BigInteger.ONE);
  }

  boolean isZero() {
    return numerator.signum() == 0;
  }

  int signum() {
    return numerator.signum();
  }

  /** Whether this is an integer that an int holds. */
  boolean isInt() {
    return isInteger() && numerator.bitLength() < 32;
  }

  int toInt() {
    return numerator.intValueExact();
  }

  Rational floor() {
    BigInteger[] parts = numerator.divideAndRemainder(denominator);
    return of(parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0]);
  }

  BigDecimal toDecimal(MathContext precision) {
    return new BigDecimal(numerator).divide(new BigDecimal(denominator), precision);
  }

  @Override
  public int compareTo(Rational other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  @Override
  public String toString() {
    return isInteger() ? numerator.toString() : numerator + "/" + denominator;
  }
}
