package dev.troupe.rollout.verify.math;

import static dev.troupe.rollout.verify.math.Reals.PRECISION;

import dev.troupe.rollout.verify.math.Term.Constant;
import dev.troupe.rollout.verify.math.Term.Decimal;
import dev.troupe.rollout.verify.math.Term.Exact;
import dev.troupe.rollout.verify.math.Term.Percent;
import dev.troupe.rollout.verify.math.Term.Product;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Symbol;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Whether two trees have the same value for all values of their letters.
 *
 * <pre>
 * a decimal against another number      rounded to six decimals, or to 15 digits
 * quotients of polynomials, √           exactly, in {@link Canonical} form
 * anything else                         at points, with fifty digits
 * </pre>
 *
 * <p>A point at which two analytic functions agree to forty digits without being the same is as
 * good as impossible where the point was not chosen by who wrote them: points are fixed here, of
 * both signs, and a real letter takes real values, a complex one complex values.
 */
final class Scalars {
  private static final int DECIMALS = 6;
  private static final int POINTS = 6;
  private static final int POINTS_MIN = 2;
  private static final BigDecimal EXACT = new BigDecimal("1e-38");
  private static final BigDecimal APPROXIMATE = new BigDecimal("1e-15");

  private final Work work;

  Scalars(Work work) {
    this.work = work;
  }

  boolean equal(Scalar left, Scalar right) {
    if (left == Constant.UNDEFINED || right == Constant.UNDEFINED) {
      return false;
    }
    if (left.equals(right)) {
      return true;
    }
    int infinity = infinity(left);
    if (infinity != 0 || infinity(right) != 0) {
      return infinity == infinity(right);
    }
    if (number(left).isPresent() || number(right).isPresent()) {
      Optional<Scalar> a = number(left);
      Optional<Scalar> b = number(right);
      if (a.filter(Decimal.class::isInstance).isPresent()
          || b.filter(Decimal.class::isInstance).isPresent()) {
        return roundedEqual(left, right) || same(left, right);
      }
      if (a.filter(Scalars::isWhole).isPresent() && a.equals(b)) {
        return true;
      }
    }
    return same(left, right);
  }

  /** 1 for ∞, −1 for −∞, else 0. */
  static int infinity(Scalar scalar) {
    return switch (scalar) {
      case Constant constant -> constant == Constant.INFINITY ? 1 : 0;
      case Product(var factors) -> {
        int sign = 0;
        int number = 1;
        for (Scalar factor : factors) {
          if (factor instanceof Exact(var value)) {
            number *= value.signum();
          } else if (infinity(factor) != 0) {
            sign = sign == 0 ? infinity(factor) : sign * infinity(factor);
          } else {
            yield 0;
          }
        }
        yield sign * number;
      }
      default -> 0;
    };
  }

  /** The number that is all of it, without its percent sign. */
  private static Optional<Scalar> number(Scalar scalar) {
    return switch (scalar) {
      case Exact _, Decimal _ -> Optional.of(scalar);
      case Percent(var inner) -> number(inner);
      default -> Optional.empty();
    };
  }

  private static boolean isWhole(Scalar scalar) {
    return scalar instanceof Exact(var value) && value.isInteger();
  }

  /** Whether both are the same to six decimals; whole numbers aren't rounded to. */
  private boolean roundedEqual(Scalar left, Scalar right) {
    Optional<BigDecimal> a = RealSets.value(left);
    Optional<BigDecimal> b = RealSets.value(right);
    if (a.isEmpty() || b.isEmpty() || wholeValued(left) || wholeValued(right)) {
      return false;
    }
    return rounded(a.orElseThrow()).compareTo(rounded(b.orElseThrow())) == 0;
  }

  private static BigDecimal rounded(BigDecimal value) {
    return value.setScale(DECIMALS, RoundingMode.HALF_EVEN);
  }

  private boolean wholeValued(Scalar scalar) {
    if (Trees.approximate(scalar)) {
      return false;
    }
    try {
      Ratio ratio = new Canonical(work).of(scalar);
      return ratio.isRational() && ratio.rational().isInteger();
    } catch (ArithmeticException e) {
      return false;
    }
  }

  private boolean same(Scalar left, Scalar right) {
    boolean approximate = Trees.approximate(left) || Trees.approximate(right);
    try {
      Canonical canonical = new Canonical(work);
      Ratio a = canonical.of(left);
      Ratio b = canonical.of(right);
      if (canonical.equal(a, b)) {
        return true;
      }
      if (canonical.decides() && !approximate) {
        return false;
      }
    } catch (ArithmeticException _) {
      return false;
    } catch (TooMuchWorkException _) {
      // Too large a form: points decide, if there is work left.
    }
    return sameAtPoints(left, right, approximate);
  }

  private boolean sameAtPoints(Scalar left, Scalar right, boolean approximate) {
    Set<Symbol> symbols = Trees.symbols(left, right);
    boolean discrete = Trees.discrete(left) || Trees.discrete(right);
    int points = symbols.isEmpty() ? 1 : POINTS;
    int compared = 0;
    for (int point = 0; point < points; point++) {
      Map<Symbol, Complex> values = values(symbols, point, discrete);
      Optional<Complex> a = value(left, values);
      Optional<Complex> b = value(right, values);
      if (a.isPresent() != b.isPresent()) {
        if (!discrete) {
          return false;
        }
      } else if (a.isPresent()) {
        if (!close(a.orElseThrow(), b.orElseThrow(), approximate ? APPROXIMATE : EXACT)) {
          return false;
        }
        compared++;
      }
    }
    return compared >= Math.min(points, POINTS_MIN);
  }

  private Optional<Complex> value(Scalar scalar, Map<Symbol, Complex> values) {
    try {
      return Optional.of(new Evaluator(values, work).value(scalar));
    } catch (ArithmeticException _) {
      return Optional.empty();
    }
  }

  static boolean close(Complex a, Complex b, BigDecimal tolerance) {
    BigDecimal scale = a.size().max(b.size()).max(BigDecimal.ONE);
    return a.minus(b).size().compareTo(scale.multiply(tolerance, PRECISION)) <= 0;
  }

  /** Values of letters: of both signs, small and larger; whole ones for what needs them. */
  static Map<Symbol, Complex> values(Set<Symbol> symbols, int point, boolean discrete) {
    Map<Symbol, Complex> values = new HashMap<>();
    SplittableRandom random = new SplittableRandom(0x7472_6f75_7065L + point);
    int index = 0;
    for (Symbol symbol : symbols) {
      BigDecimal value =
          discrete
              ? BigDecimal.valueOf(random.nextInt(2, 9) + 2L * index)
              : BigDecimal.valueOf(random.nextInt(200_001, 2_800_000), 6);
      boolean negative = !discrete && (point == 1 || (point > 1 && ((index + point) & 1) == 0));
      BigDecimal part = negative ? value.negate() : value;
      values.put(
          symbol,
          symbol.real()
              ? Complex.real(part)
              : new Complex(part, BigDecimal.valueOf(random.nextInt(200_001, 2_800_000), 6)));
      index++;
    }
    return values;
  }
}
