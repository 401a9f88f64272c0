package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Constant;
import dev.troupe.rollout.verify.math.Term.Finite;
import dev.troupe.rollout.verify.math.Term.Interval;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Symbol;
import dev.troupe.rollout.verify.math.Term.Tuple;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns intervals, finite sets and what is made of them into sets of real numbers. */
final class RealSets {
  private RealSets() {}

  /**
   * What stands in brackets with a comma: an interval, or a pair where its ends are the wrong way
   * round and its brackets alike.
   */
  static Term interval(Scalar left, Scalar right, boolean leftOpen, boolean rightOpen)
      throws UnreadableException {
    if (Trees.symbols(left, right).stream().anyMatch(symbol -> !symbol.real())) {
      throw new UnreadableException("an interval of complex numbers");
    }
    Optional<BigDecimal> start = value(left);
    Optional<BigDecimal> end = value(right);
    if (start.isEmpty() || end.isEmpty()) {
      return new Interval(left, right, leftOpen, rightOpen);
    }
    int order = start.orElseThrow().compareTo(end.orElseThrow());
    if (leftOpen == rightOpen && (order > 0 || (order == 0 && leftOpen))) {
      return new Tuple(List.of(left, right));
    }
    if (order > 0 || (order == 0 && (leftOpen || rightOpen))) {
      return new Finite(List.of());
    }
    return order == 0
        ? new Finite(List.of(left))
        : new Interval(left, right, leftOpen || infinite(left), rightOpen || infinite(right));
  }

  private static boolean infinite(Scalar scalar) {
    return Scalars.infinity(scalar) != 0;
  }

  /** The set of real numbers that {@code term} is, where all its ends and elements have values. */
  static Optional<RealSet> of(Term term) {
    return switch (term) {
      case Interval(var start, var end, var leftOpen, var rightOpen) ->
          value(start)
              .flatMap(
                  from ->
                      value(end)
                          .map(
                              to ->
                                  RealSet.of(
                                      List.of(new RealSet.Piece(from, leftOpen, to, rightOpen)))));
      case Finite(var elements) -> points(elements);
      case Term.Union(var left, var right) -> of(left).flatMap(a -> of(right).map(b -> a.union(b)));
      case Term.Intersection(var left, var right) ->
          of(left).flatMap(a -> of(right).map(b -> a.intersection(b)));
      case Term.Difference(var left, var right) ->
          of(left).flatMap(a -> of(right).map(b -> a.intersection(b.complement())));
      case Term.Named named ->
          named == Term.Named.REALS ? Optional.of(RealSet.ALL) : Optional.empty();
      case Scalar _, Term.Matrix _, Tuple _, Term.Relation _, Term.Chain _ -> Optional.empty();
    };
  }

  private static Optional<RealSet> points(List<Term> elements) {
    List<RealSet.Piece> pieces = new ArrayList<>();
    for (Term element : elements) {
      Optional<BigDecimal> value =
          element instanceof Scalar scalar ? value(scalar) : Optional.empty();
      if (value.isEmpty()) {
        return Optional.empty();
      }
      pieces.add(new RealSet.Piece(value.orElseThrow(), false, value.orElseThrow(), false));
    }
    return Optional.of(RealSet.of(pieces));
  }

  /** The real number that {@code scalar} is, infinities as {@link RealSet#INFINITY}. */
  static Optional<BigDecimal> value(Scalar scalar) {
    int infinity = Scalars.infinity(scalar);
    if (infinity != 0) {
      return Optional.of(infinity > 0 ? RealSet.INFINITY : RealSet.INFINITY.negate());
    }
    if (Trees.has(scalar, each -> each instanceof Symbol || each == Constant.INFINITY)) {
      return Optional.empty();
    }
    try {
      Complex value = new Evaluator(Map.of(), new Work(20_000)).value(scalar);
      return value.isReal() ? Optional.of(value.re()) : Optional.empty();
    } catch (ArithmeticException | TooMuchWorkException _) {
      return Optional.empty();
    }
  }
}
