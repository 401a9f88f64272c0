package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Call;
import dev.troupe.rollout.verify.math.Term.Constant;
import dev.troupe.rollout.verify.math.Term.Decimal;
import dev.troupe.rollout.verify.math.Term.Exact;
import dev.troupe.rollout.verify.math.Term.Function;
import dev.troupe.rollout.verify.math.Term.Power;
import dev.troupe.rollout.verify.math.Term.Product;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Sum;
import java.util.ArrayList;
import java.util.List;

/** Builds trees the way that they are written. */
final class Terms {
  static final Exact ZERO = new Exact(Rational.ZERO);
  static final Exact ONE = new Exact(Rational.ONE);
  static final Exact MINUS_ONE = new Exact(Rational.MINUS_ONE);
  static final Exact HALF = new Exact(Rational.HALF);

  private Terms() {}

  static Exact exact(long value) {
    return new Exact(Rational.of(value));
  }

  /** left + right, flat. */
  static Scalar sum(Scalar left, Scalar right) {
    List<Scalar> terms = new ArrayList<>();
    if (left instanceof Sum(var inner)) {
      terms.addAll(inner);
    } else {
      terms.add(left);
    }
    if (right instanceof Sum(var inner)) {
      terms.addAll(inner);
    } else {
      terms.add(right);
    }
    return new Sum(terms);
  }

  /** left · right, flat. */
  static Scalar product(Scalar left, Scalar right) {
    List<Scalar> factors = new ArrayList<>();
    if (left instanceof Product(var inner)) {
      factors.addAll(inner);
    } else {
      factors.add(left);
    }
    if (right instanceof Product(var inner)) {
      factors.addAll(inner);
    } else {
      factors.add(right);
    }
    return new Product(factors);
  }

  static Scalar negated(Scalar scalar) {
    return switch (scalar) {
      case Exact(var value) -> new Exact(value.negate());
      case Decimal(var value) -> new Decimal(value.negate());
      default -> product(MINUS_ONE, scalar);
    };
  }

  static Scalar difference(Scalar left, Scalar right) {
    return sum(left, negated(right));
  }

  /** left / right: a fraction where both are whole numbers. */
  static Scalar quotient(Scalar left, Scalar right) {
    if (left instanceof Exact(var top)
        && right instanceof Exact(var bottom)
        && top.isInteger()
        && bottom.isInteger()) {
      return bottom.isZero() ? Constant.UNDEFINED : new Exact(top.dividedBy(bottom));
    }
    return new Product(List.of(left, new Power(right, MINUS_ONE)));
  }

  static Scalar call(Function function, Scalar argument) {
    return new Call(function, List.of(argument));
  }

  /** The logarithm of {@code argument} to {@code base}. */
  static Scalar logarithm(Scalar argument, Scalar base) {
    return base == Constant.E
        ? call(Function.LN, argument)
        : quotient(call(Function.LN, argument), call(Function.LN, base));
  }

  /** A word or a product, where the parser reads two things that stand beside each other. */
  static Scalar beside(Scalar left, Scalar right) {
    if (left instanceof Exact(var whole)
        && whole.isInteger()
        && right instanceof Exact(var part)
        && part.signum() > 0) {
      return new Exact(whole.signum() < 0 ? whole.minus(part) : whole.plus(part));
    }
    return product(left, right);
  }
}
