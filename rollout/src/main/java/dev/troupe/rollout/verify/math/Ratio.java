package dev.troupe.rollout.verify.math;

/** A quotient of polynomials; what they have in common isn't divided out. */
record Ratio(Polynomial top, Polynomial bottom) {
  static Ratio of(Rational value) {
    return new Ratio(Polynomial.constant(value), Polynomial.ONE);
  }

  static Ratio of(Polynomial polynomial) {
    return new Ratio(polynomial, Polynomial.ONE);
  }

  boolean isRational() {
    return top.isConstant() && bottom.isConstant();
  }

  /** The value where there are no unknowns. */
  Rational rational() {
    return top.constant().dividedBy(bottom.constant());
  }
}
