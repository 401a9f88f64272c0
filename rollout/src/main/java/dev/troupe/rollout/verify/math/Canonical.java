package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Call;
import dev.troupe.rollout.verify.math.Term.Constant;
import dev.troupe.rollout.verify.math.Term.Exact;
import dev.troupe.rollout.verify.math.Term.Power;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Symbol;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Quotients of polynomials over the rationals, in which two trees are compared exactly.
 *
 * <p>Letters, π, e and square roots of primes are unknowns; r² = p is applied to the last at once,
 * so that the square roots that are left are independent of each other, and i is the root of −1.
 * Everything else (sin x, 2^x) is an unknown for itself: equal forms are equal then, but different
 * ones prove nothing, and {@link #decides} says so.
 */
final class Canonical {
  private static final int EXPONENT_MAX = 1_000;
  private static final int POWER_MAX = 64;
  private static final int FACTORIAL_MAX = 200;
  private static final int PRIME_MAX = 2_000;

  private final Work work;
  private final Map<Scalar, Integer> unknowns = new HashMap<>();

  /** The squares of unknowns that are square roots; 0 for the others. */
  private final List<Rational> squares = new ArrayList<>();

  private boolean opaque;
  private boolean hasPi;
  private boolean hasE;

  Canonical(Work work) {
    this.work = work;
  }

  /** Whether different forms mean different things. */
  boolean decides() {
    return !opaque && !(hasPi && hasE);
  }

  boolean equal(Ratio left, Ratio right) {
    return times(left.top(), right.bottom()).minus(times(right.top(), left.bottom())).isZero();
  }

  /**
   * @throws ArithmeticException where it has no value: a denominator that is 0
   * @throws TooMuchWorkException where the form is too large
   */
  Ratio of(Scalar scalar) {
    work.step();
    return switch (scalar) {
      case Exact(var value) -> Ratio.of(value);
      case Term.Decimal(var value) -> Ratio.of(value);
      case Term.Percent(var number) -> times(of(number), Ratio.of(Rational.of(1, 100)));
      case Symbol symbol -> unknown(symbol);
      case Constant constant -> constant(constant);
      case Term.Sum(var terms) -> {
        Ratio sum = Ratio.of(Rational.ZERO);
        for (Scalar term : terms) {
          sum = plus(sum, of(term));
        }
        yield sum;
      }
      case Term.Product(var factors) -> {
        Ratio product = Ratio.of(Rational.ONE);
        for (Scalar factor : factors) {
          product = times(product, of(factor));
        }
        yield product;
      }
      case Power(var base, var exponent) -> power(scalar, base, exponent);
      case Call call -> call(call);
      case Term.Unknown _, Term.Series _ -> opaque(scalar);
    };
  }

  private Ratio constant(Constant constant) {
    return switch (constant) {
      case PI -> {
        hasPi = true;
        yield unknown(constant);
      }
      case E -> {
        hasE = true;
        yield unknown(constant);
      }
      case IMAGINARY_UNIT -> root(Rational.MINUS_ONE);
      case EULER_GAMMA -> opaque(constant);
      case INFINITY, UNDEFINED -> throw new ArithmeticException("not a number");
    };
  }

  private Ratio power(Scalar whole, Scalar base, Scalar exponent) {
    Ratio raised = of(exponent);
    if (!raised.isRational()) {
      return opaque(whole);
    }
    Rational value = raised.rational();
    if (value.isInt() && Math.abs(value.toInt()) <= EXPONENT_MAX) {
      return power(of(base), value.toInt(), whole);
    }
    if (value.denominator().equals(BigInteger.TWO) && value.numerator().bitLength() < 8) {
      Ratio inner = of(base);
      if (inner.isRational()) {
        Ratio root = squareRoot(inner.rational(), whole);
        return power(root, value.numerator().intValueExact(), whole);
      }
    }
    return opaque(whole);
  }

  private Ratio power(Ratio base, int exponent, Scalar whole) {
    if (base.isRational()) {
      Rational value = base.rational();
      if (value.isZero() && exponent < 0) {
        throw new ArithmeticException("division by 0");
      }
      return Ratio.of(value.power(exponent));
    }
    if (Math.abs(exponent) > POWER_MAX) {
      return opaque(whole);
    }
    Ratio result = Ratio.of(Rational.ONE);
    for (int i = 0; i < Math.abs(exponent); i++) {
      result = times(result, base);
    }
    return exponent < 0 ? inverse(result) : result;
  }

  /** √(p/q) = √(pq) / q, with squares taken out. */
  private Ratio squareRoot(Rational value, Scalar whole) {
    if (value.isZero()) {
      return Ratio.of(Rational.ZERO);
    }
    BigInteger rest = value.numerator().multiply(value.denominator()).abs();
    if (rest.bitLength() > 256) {
      return opaque(whole);
    }
    Ratio result = Ratio.of(Rational.ONE.dividedBy(Rational.of(value.denominator())));
    if (value.signum() < 0) {
      result = times(result, root(Rational.MINUS_ONE));
    }
    for (int prime = 2; prime <= PRIME_MAX && rest.bitLength() > 1; prime++) {
      BigInteger factor = BigInteger.valueOf(prime);
      int count = 0;
      for (BigInteger[] parts = rest.divideAndRemainder(factor);
          parts[1].signum() == 0;
          parts = rest.divideAndRemainder(factor)) {
        rest = parts[0];
        count++;
      }
      if (count > 1) {
        result = times(result, Ratio.of(Rational.of(factor).power(count / 2)));
      }
      if (count % 2 == 1) {
        result = times(result, root(Rational.of(prime)));
      }
      if (rest.bitLength() < 63 && (long) prime * prime > rest.longValue()) {
        break;
      }
    }
    BigInteger[] exact = rest.sqrtAndRemainder();
    if (exact[1].signum() == 0) {
      return times(result, Ratio.of(Rational.of(exact[0])));
    }
    if (rest.bitLength() > 22) {
      // What is left may be a product of two large primes, one of which stands elsewhere.
      opaque = true;
    }
    return times(result, root(Rational.of(rest)));
  }

  private Ratio call(Call call) {
    if (call.function() == Term.Function.FACTORIAL) {
      Ratio argument = of(call.first());
      if (argument.isRational()
          && argument.rational().isInt()
          && argument.rational().signum() >= 0
          && argument.rational().toInt() <= FACTORIAL_MAX) {
        Rational product = Rational.ONE;
        for (int i = 2; i <= argument.rational().toInt(); i++) {
          product = product.times(Rational.of(i));
        }
        return Ratio.of(product);
      }
    }
    return opaque(call);
  }

  private Ratio opaque(Scalar scalar) {
    opaque = true;
    return unknown(scalar);
  }

  private Ratio unknown(Scalar scalar) {
    return Ratio.of(Polynomial.unknown(index(scalar, Rational.ZERO), 1));
  }

  private Ratio root(Rational square) {
    return Ratio.of(Polynomial.unknown(index(new Power(new Exact(square), Terms.HALF), square), 1));
  }

  private int index(Scalar key, Rational square) {
    Integer known = unknowns.get(key);
    if (known != null) {
      return known;
    }
    unknowns.put(key, squares.size());
    squares.add(square);
    return squares.size() - 1;
  }

  private Ratio plus(Ratio left, Ratio right) {
    if (left.bottom().equals(right.bottom())) {
      return new Ratio(left.top().plus(right.top()), left.bottom());
    }
    return new Ratio(
        times(left.top(), right.bottom()).plus(times(right.top(), left.bottom())),
        times(left.bottom(), right.bottom()));
  }

  private Ratio times(Ratio left, Ratio right) {
    return new Ratio(times(left.top(), right.top()), times(left.bottom(), right.bottom()));
  }

  private static Ratio inverse(Ratio ratio) {
    if (ratio.top().isZero()) {
      throw new ArithmeticException("division by 0");
    }
    return new Ratio(ratio.bottom(), ratio.top());
  }

  /** A product in which squares of square roots are replaced by what they are. */
  private Polynomial times(Polynomial left, Polynomial right) {
    Polynomial product = left.times(right, work);
    if (squares.stream().allMatch(Rational::isZero)) {
      return product;
    }
    Polynomial reduced = Polynomial.ZERO;
    boolean changed = false;
    for (var term : product.terms().entrySet()) {
      List<Integer> powers = new ArrayList<>(term.getKey());
      Rational coefficient = term.getValue();
      for (int i = 0; i < powers.size(); i++) {
        if (powers.get(i) > 1 && !squares.get(i).isZero()) {
          coefficient = coefficient.times(squares.get(i).power(powers.get(i) / 2));
          powers.set(i, powers.get(i) % 2);
          changed = true;
        }
      }
      while (!powers.isEmpty() && powers.getLast() == 0) {
        powers.removeLast();
      }
      reduced = reduced.plus(new Polynomial(Map.of(List.copyOf(powers), coefficient)));
    }
    return changed ? reduced : product;
  }
}
