package dev.troupe.rollout.verify.math;

import static dev.troupe.rollout.verify.math.Reals.PRECISION;

import dev.troupe.rollout.verify.math.Term.Scalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The real roots of a polynomial in one letter, and of a quotient's numerator and denominator.
 * Between two roots of the derivative there is at most one; halving finds it.
 */
final class RealRoots {
  private static final int DEGREE_MAX = 12;
  private static final int HALVINGS = 190;
  private static final BigDecimal ZERO_BELOW = new BigDecimal("1e-40");

  private final Work work;

  RealRoots(Work work) {
    this.work = work;
  }

  /** Empty where {@code scalar} is no quotient of polynomials of a small degree. */
  Optional<List<BigDecimal>> of(Scalar scalar) {
    try {
      Canonical canonical = new Canonical(work);
      Ratio ratio = canonical.of(scalar);
      if (!canonical.decides() || Trees.has(scalar, RealRoots::isOther)) {
        return Optional.empty();
      }
      List<BigDecimal> roots = new ArrayList<>();
      for (Polynomial polynomial : List.of(ratio.top(), ratio.bottom())) {
        Optional<List<BigDecimal>> coefficients = coefficients(polynomial);
        if (coefficients.isEmpty()) {
          return Optional.empty();
        }
        roots.addAll(roots(coefficients.orElseThrow()));
      }
      return Optional.of(roots);
    } catch (ArithmeticException | TooMuchWorkException _) {
      return Optional.empty();
    }
  }

  /** Unknowns other than the letter: the coefficients wouldn't be rational. */
  private static boolean isOther(Term term) {
    return switch (term) {
      case Term.Constant _ -> true;
      case Term.Power(_, Term.Exact(var exponent)) -> !exponent.isInteger();
      case Term.Power _ -> true;
      default -> false;
    };
  }

  private static Optional<List<BigDecimal>> coefficients(Polynomial polynomial) {
    List<BigDecimal> coefficients = new ArrayList<>();
    for (var term : polynomial.terms().entrySet()) {
      List<Integer> powers = term.getKey();
      int power = powers.isEmpty() ? 0 : powers.getFirst();
      if (powers.size() > 1 || power > DEGREE_MAX) {
        return Optional.empty();
      }
      while (coefficients.size() <= power) {
        coefficients.add(BigDecimal.ZERO);
      }
      coefficients.set(power, term.getValue().toDecimal(PRECISION));
    }
    return Optional.of(coefficients);
  }

  private List<BigDecimal> roots(List<BigDecimal> coefficients) {
    int degree = coefficients.size() - 1;
    if (degree < 1) {
      return List.of();
    }
    if (degree == 1) {
      return List.of(coefficients.get(0).negate().divide(coefficients.get(1), PRECISION));
    }
    List<BigDecimal> derivative = new ArrayList<>();
    for (int i = 1; i <= degree; i++) {
      derivative.add(coefficients.get(i).multiply(BigDecimal.valueOf(i), PRECISION));
    }
    BigDecimal bound = bound(coefficients);
    List<BigDecimal> edges = new ArrayList<>();
    edges.add(bound.negate());
    edges.addAll(roots(derivative));
    edges.add(bound);
    List<BigDecimal> roots = new ArrayList<>();
    for (int i = 0; i < edges.size(); i++) {
      BigDecimal at = value(coefficients, edges.get(i));
      if (at.abs().compareTo(ZERO_BELOW) < 0) {
        roots.add(edges.get(i));
      } else if (i + 1 < edges.size()
          && at.signum() * value(coefficients, edges.get(i + 1)).signum() < 0) {
        BigDecimal next = value(coefficients, edges.get(i + 1));
        if (next.abs().compareTo(ZERO_BELOW) >= 0) {
          roots.add(halved(coefficients, edges.get(i), edges.get(i + 1), at.signum()));
        }
      }
    }
    return roots;
  }

  private BigDecimal halved(
      List<BigDecimal> coefficients, BigDecimal from, BigDecimal to, int signAtFrom) {
    BigDecimal low = from;
    BigDecimal high = to;
    for (int i = 0; i < HALVINGS; i++) {
      BigDecimal middle = low.add(high).divide(BigDecimal.TWO, PRECISION);
      int sign = value(coefficients, middle).signum();
      if (sign == 0) {
        return middle;
      }
      if (sign == signAtFrom) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private BigDecimal value(List<BigDecimal> coefficients, BigDecimal x) {
    work.steps(2);
    BigDecimal value = BigDecimal.ZERO;
    for (BigDecimal coefficient : coefficients.reversed()) {
      value = value.multiply(x, PRECISION).add(coefficient, PRECISION);
    }
    return value;
  }

  /** All roots are smaller: 1 + the largest coefficient against the first. */
  private static BigDecimal bound(List<BigDecimal> coefficients) {
    BigDecimal largest =
        coefficients.stream().map(BigDecimal::abs).max(BigDecimal::compareTo).orElseThrow();
    return largest.divide(coefficients.getLast().abs(), PRECISION).add(BigDecimal.ONE);
  }
}
