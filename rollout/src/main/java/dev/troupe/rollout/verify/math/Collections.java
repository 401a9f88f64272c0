package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Collection;
import dev.troupe.rollout.verify.math.Term.Finite;
import dev.troupe.rollout.verify.math.Term.Interval;
import dev.troupe.rollout.verify.math.Term.Matrix;
import dev.troupe.rollout.verify.math.Term.Relation;
import dev.troupe.rollout.verify.math.Term.Statement;
import dev.troupe.rollout.verify.math.Term.Tuple;
import dev.troupe.rollout.verify.math.Term.Union;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sets, tuples and intervals against each other. A pair in round brackets may be meant as an open
 * interval and the other way round; a list counts as a tuple in the order in which it is written.
 */
final class Collections {
  private static final int ELEMENTS_MAX = 200;

  private final Equivalence equivalence;

  Collections(Equivalence equivalence) {
    this.equivalence = equivalence;
  }

  boolean equal(Term gold, Term given) {
    if (gold instanceof Matrix || given instanceof Matrix) {
      return false;
    }
    Collection wanted = gold instanceof Collection set ? set : new Finite(List.of(gold));
    Collection said = given instanceof Collection set ? set : new Finite(List.of(given));
    if (wanted instanceof Interval a && said instanceof Interval b) {
      return a.leftOpen() == b.leftOpen()
          && a.rightOpen() == b.rightOpen()
          && equivalence.equal(a.start(), b.start())
          && equivalence.equal(a.end(), b.end());
    }
    if (wanted.equals(said) || sameNumbers(wanted, said)) {
      return true;
    }
    return switch (wanted) {
      case Finite(var elements) -> finite(elements, said);
      case Tuple(var elements) -> inOrder(elements, said);
      case Interval interval ->
          isPair(interval)
              && (said instanceof Finite || said instanceof Tuple)
              && inOrder(List.of(interval.start(), interval.end()), said);
      case Union union -> said instanceof Union other && anyOrder(parts(union), parts(other));
      case Term.Intersection _, Term.Difference _, Term.Named _ -> false;
    };
  }

  /** Whether {@code answer} is what solves {@code statement}. */
  boolean solves(Collection answer, Statement statement, Solutions solutions) {
    Collection values = answer;
    if (answer instanceof Finite(var elements)) {
      values = new Finite(elements.stream().map(Collections::value).toList());
    }
    Optional<RealSet> set = RealSets.of(values);
    return set.isPresent() && solutions.are(set.orElseThrow(), statement).orElse(false);
  }

  private static Term value(Term element) {
    return element instanceof Relation(var kind, var left, var right)
            && kind == Term.Kind.EQUAL
            && ExpressionParser.onlySymbols(left)
        ? right
        : element;
  }

  private static boolean sameNumbers(Collection wanted, Collection said) {
    Optional<RealSet> a = RealSets.of(wanted);
    Optional<RealSet> b = a.isPresent() ? RealSets.of(said) : Optional.empty();
    return b.isPresent() && a.orElseThrow().isSame(b.orElseThrow());
  }

  private boolean finite(List<Term> elements, Collection said) {
    List<Term> wanted = elements.stream().distinct().toList();
    return switch (said) {
      case Finite(var others) -> anyOrder(wanted, others.stream().distinct().toList());
      case Tuple(var others) -> anyOrder(wanted, others);
      case Interval interval ->
          isPair(interval) && anyOrder(wanted, List.of(interval.start(), interval.end()));
      case Union _, Term.Intersection _, Term.Difference _, Term.Named _ -> false;
    };
  }

  private boolean inOrder(List<? extends Term> wanted, Collection said) {
    List<? extends Term> others =
        switch (said) {
          case Finite(var elements) -> elements;
          case Tuple(var elements) -> elements;
          case Interval interval ->
              isPair(interval) ? List.of(interval.start(), interval.end()) : List.of();
          case Union _, Term.Intersection _, Term.Difference _, Term.Named _ -> List.of();
        };
    if (others.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!equivalence.equal(wanted.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean anyOrder(List<? extends Term> wanted, List<? extends Term> said) {
    if (wanted.size() != said.size() || wanted.size() > ELEMENTS_MAX) {
      return false;
    }
    List<Term> left = new ArrayList<>(said);
    for (Term element : wanted) {
      Optional<Term> match =
          left.stream().filter(other -> equivalence.equal(element, other)).findFirst();
      if (match.isEmpty()) {
        return false;
      }
      left.remove(match.orElseThrow());
    }
    return true;
  }

  private static boolean isPair(Interval interval) {
    return interval.leftOpen() && interval.rightOpen();
  }

  private static List<Term> parts(Union union) {
    List<Term> parts = new ArrayList<>();
    for (Term side : List.of(union.left(), union.right())) {
      if (side instanceof Union inner) {
        parts.addAll(parts(inner));
      } else {
        parts.add(side);
      }
    }
    return parts;
  }
}
