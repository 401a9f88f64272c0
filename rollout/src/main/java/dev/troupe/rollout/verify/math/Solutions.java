package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Chain;
import dev.troupe.rollout.verify.math.Term.Relation;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Statement;
import dev.troupe.rollout.verify.math.Term.Symbol;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * For which values statements hold.
 *
 * <p>Whether a set holds exactly the solutions in one letter is tried at its ends, at the real
 * roots where the statement compares polynomials (nothing changes between them), and between all of
 * these; for other functions at a grid of points as well.
 */
final class Solutions {
  private static final BigDecimal ZERO_BELOW = new BigDecimal("1e-32");
  private static final int[] GRID = {0, 1, 2, 3, 5, 8, 13, 50, 400, 3_000};
  private static final int POINTS = 3;

  private final Work work;

  Solutions(Work work) {
    this.work = work;
  }

  /** Whether {@code set} is what solves {@code statement}; empty where that isn't decided here. */
  Optional<Boolean> are(RealSet set, Statement statement) {
    Set<Symbol> symbols = Trees.symbols(statement);
    if (symbols.size() != 1) {
      return Optional.empty();
    }
    Symbol symbol = symbols.iterator().next();
    Set<BigDecimal> edges = new TreeSet<>(set.ends());
    for (Relation relation : relations(statement)) {
      Optional<Scalar> difference = difference(relation);
      if (difference.isEmpty()) {
        return Optional.empty();
      }
      Optional<List<BigDecimal>> roots = new RealRoots(work).of(difference.orElseThrow());
      if (roots.isPresent()) {
        edges.addAll(roots.orElseThrow());
      } else {
        for (int grid : GRID) {
          edges.add(new BigDecimal(grid + ".137"));
          edges.add(new BigDecimal(-grid + (grid == 0 ? ".057" : ".137")));
        }
      }
    }
    for (BigDecimal point : withMiddles(edges)) {
      if (holds(statement, symbol, point) != set.contains(point)) {
        return Optional.of(false);
      }
    }
    return Optional.of(true);
  }

  /** a &lt; x &lt; b as an interval. */
  static Optional<Term.Interval> between(Statement statement) {
    return statement instanceof Chain(var relations)
            && relations.size() == 2
            && relations.stream().allMatch(relation -> relation.kind() == Term.Kind.LESS)
            && relations.getFirst().left() instanceof Scalar start
            && relations.getFirst().right() instanceof Symbol
            && relations.getLast().right() instanceof Scalar end
        ? Optional.of(new Term.Interval(start, end, true, true))
        : Optional.empty();
  }

  /** Whether {@code statement} is true for {@code x}. */
  private boolean holds(Statement statement, Symbol symbol, BigDecimal x) {
    for (Relation relation : relations(statement)) {
      try {
        Complex value =
            new Evaluator(Map.of(symbol, Complex.real(x)), work)
                .value(difference(relation).orElseThrow());
        if (!holds(relation.kind(), value)) {
          return false;
        }
      } catch (ArithmeticException _) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(Term.Kind kind, Complex difference) {
    boolean zero = difference.size().compareTo(ZERO_BELOW) < 0;
    int sign = zero ? 0 : difference.re().signum();
    if (!zero && !difference.isReal()) {
      return kind == Term.Kind.UNEQUAL;
    }
    return switch (kind) {
      case EQUAL -> sign == 0;
      case UNEQUAL -> sign != 0;
      case LESS -> sign < 0;
      case AT_MOST -> sign <= 0;
      case GREATER -> sign > 0;
      case AT_LEAST -> sign >= 0;
    };
  }

  private static List<BigDecimal> withMiddles(Set<BigDecimal> edges) {
    List<BigDecimal> sorted = new ArrayList<>(edges);
    List<BigDecimal> points = new ArrayList<>();
    if (sorted.isEmpty()) {
      return List.of(BigDecimal.ZERO);
    }
    points.add(sorted.getFirst().subtract(BigDecimal.ONE));
    for (int i = 0; i < sorted.size(); i++) {
      points.add(sorted.get(i));
      BigDecimal next =
          i + 1 < sorted.size() ? sorted.get(i + 1) : sorted.get(i).add(BigDecimal.TWO);
      BigDecimal gap = next.subtract(sorted.get(i));
      if (gap.compareTo(ZERO_BELOW) > 0) {
        points.add(
            sorted
                .get(i)
                .add(gap.divide(BigDecimal.TWO, Reals.PRECISION))
                .setScale(45, RoundingMode.HALF_EVEN));
      }
    }
    return points;
  }

  private static List<Relation> relations(Statement statement) {
    return switch (statement) {
      case Relation relation -> List.of(relation);
      case Chain(var relations) -> relations;
    };
  }

  /** left − right, where both are numbers. */
  static Optional<Scalar> difference(Relation relation) {
    return relation.left() instanceof Scalar left && relation.right() instanceof Scalar right
        ? Optional.of(Terms.difference(left, right))
        : Optional.empty();
  }

  /**
   * Whether two expressions of the same two or more letters are 0 for the same values: one is a
   * multiple of the other, or both give the same letter, in which both are linear, the same value.
   */
  boolean sameZeros(Scalar left, Scalar right) {
    Set<Symbol> symbols = Trees.symbols(left);
    if (symbols.size() < 2 || !symbols.equals(Trees.symbols(right))) {
      return false;
    }
    if (proportional(left, right)) {
      return true;
    }
    return symbols.stream().anyMatch(symbol -> sameWhenSolved(left, right, symbols, symbol));
  }

  private boolean proportional(Scalar left, Scalar right) {
    try {
      Canonical canonical = new Canonical(work);
      Ratio a = canonical.of(left);
      Ratio b = canonical.of(right);
      if (a.top().isZero() || b.top().isZero()) {
        return false;
      }
      var term = a.top().terms().entrySet().iterator().next();
      Rational other = b.top().terms().get(term.getKey());
      return other != null
          && a.top().minus(b.top().times(term.getValue().dividedBy(other))).isZero();
    } catch (ArithmeticException | TooMuchWorkException _) {
      return false;
    }
  }

  private boolean sameWhenSolved(Scalar left, Scalar right, Set<Symbol> symbols, Symbol symbol) {
    for (int point = 0; point < POINTS; point++) {
      Map<Symbol, Complex> values = new HashMap<>(Scalars.values(symbols, point, false));
      Optional<Complex> a = root(left, values, symbol);
      Optional<Complex> b = root(right, values, symbol);
      if (a.isEmpty()
          || b.isEmpty()
          || !Scalars.close(a.orElseThrow(), b.orElseThrow(), ZERO_BELOW)) {
        return false;
      }
    }
    return true;
  }

  /** Where a line through the values at 1 and 2 is 0, if 3 and 5 are on that line, too. */
  private Optional<Complex> root(Scalar scalar, Map<Symbol, Complex> values, Symbol symbol) {
    try {
      Complex one = at(scalar, values, symbol, 1);
      Complex slope = at(scalar, values, symbol, 2).minus(one);
      Complex start = one.minus(slope);
      boolean line =
          Scalars.close(
                  at(scalar, values, symbol, 3), start.plus(slope.times(Complex.of(3))), ZERO_BELOW)
              && Scalars.close(
                  at(scalar, values, symbol, 5),
                  start.plus(slope.times(Complex.of(5))),
                  ZERO_BELOW);
      return line && !slope.isZero()
          ? Optional.of(start.negate().dividedBy(slope))
          : Optional.empty();
    } catch (ArithmeticException _) {
      return Optional.empty();
    }
  }

  private Complex at(Scalar scalar, Map<Symbol, Complex> values, Symbol symbol, int value) {
    values.put(symbol, Complex.of(value));
    return new Evaluator(values, work).value(scalar);
  }
}
