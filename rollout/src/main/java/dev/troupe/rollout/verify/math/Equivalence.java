package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Chain;
import dev.troupe.rollout.verify.math.Term.Collection;
import dev.troupe.rollout.verify.math.Term.Constant;
import dev.troupe.rollout.verify.math.Term.Exact;
import dev.troupe.rollout.verify.math.Term.Kind;
import dev.troupe.rollout.verify.math.Term.Matrix;
import dev.troupe.rollout.verify.math.Term.Product;
import dev.troupe.rollout.verify.math.Term.Relation;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Statement;
import dev.troupe.rollout.verify.math.Term.Symbol;
import dev.troupe.rollout.verify.math.Term.Tuple;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether an answer means what the reference means.
 *
 * <p>The reference decides what kind of thing is wanted, so the order of the two matters: of x = 3
 * only the 3 counts where a number is wanted, and where an inequality is wanted the interval that
 * solves it will do, but not the other way round.
 */
final class Equivalence {
  private final Work work;
  private final Scalars scalars;
  private final Solutions solutions;
  private final Collections collections;

  Equivalence(Work work) {
    this.work = work;
    this.scalars = new Scalars(work);
    this.solutions = new Solutions(work);
    this.collections = new Collections(this);
  }

  /**
   * @param strict whether letters matter; else those of the answer stand for those of the
   *     reference, in the order of their names, where there are as many
   */
  boolean equal(Term reference, Term answer, boolean strict) {
    if (strict) {
      return equal(reference, answer);
    }
    Set<Symbol> wanted = Trees.symbols(reference);
    Set<Symbol> given = Trees.symbols(answer);
    if (wanted.size() != given.size()) {
      return equal(reference, answer);
    }
    Map<Symbol, Symbol> names = new HashMap<>();
    Iterator<Symbol> next = wanted.iterator();
    given.forEach(symbol -> names.put(symbol, next.next()));
    return equal(reference, Trees.renamed(answer, names));
  }

  boolean equal(Term reference, Term answer) {
    work.step();
    Term gold = shortened(reference);
    Term given = shortened(answer);
    boolean goldEquation = isEquation(gold);
    boolean givenEquation = isEquation(given);
    if (givenEquation && !goldEquation) {
      given = ((Statement) given).last().right();
    } else if (isAssignment(gold) && !givenEquation) {
      gold = ((Statement) gold).last().right();
    }
    if (gold == Constant.UNDEFINED) {
      return false;
    }
    if (gold.equals(given)) {
      return true;
    }
    if (gold instanceof Statement statement
        && given instanceof Collection collection
        && !(given instanceof Tuple)) {
      Optional<Term.Interval> between = Solutions.between(statement);
      return collections.solves(collection, statement, solutions)
          || (between.isPresent() && collections.equal(between.orElseThrow(), given));
    }
    if (gold instanceof Statement a && given instanceof Statement b) {
      return statements(a, b);
    }
    if (gold instanceof Collection || given instanceof Collection) {
      return collections.equal(gold, given);
    }
    if (gold instanceof Symbol || given instanceof Symbol) {
      return gold instanceof Scalar a && given instanceof Scalar b && words(a, b);
    }
    if (gold instanceof Matrix a && given instanceof Matrix b) {
      return matrices(a, b);
    }
    return gold instanceof Scalar a && given instanceof Scalar b && scalars.equal(a, b);
  }

  /** x = 1 + 2 = 3 is x = 3. */
  private static Term shortened(Term term) {
    return term instanceof Chain chain && isAssignment(chain)
        ? new Relation(Kind.EQUAL, chain.first().left(), chain.last().right())
        : term;
  }

  private static boolean isEquation(Term term) {
    return switch (term) {
      case Relation relation -> relation.kind() == Kind.EQUAL;
      case Chain(var relations) ->
          relations.stream().allMatch(relation -> relation.kind() == Kind.EQUAL);
      default -> false;
    };
  }

  private static boolean isAssignment(Term term) {
    return isEquation(term)
        && term instanceof Statement statement
        && ExpressionParser.onlySymbols(statement.first().left());
  }

  private boolean statements(Statement gold, Statement given) {
    return switch (gold) {
      case Chain(var wanted) ->
          given instanceof Chain(var said)
              && wanted.size() == said.size()
              && pairwise(wanted, said);
      case Relation relation -> given instanceof Relation other && relations(relation, other);
    };
  }

  private boolean pairwise(List<Relation> wanted, List<Relation> said) {
    for (int i = 0; i < wanted.size(); i++) {
      if (!relations(wanted.get(i), said.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean relations(Relation gold, Relation given) {
    Optional<Scalar> wanted = Solutions.difference(gold);
    Optional<Scalar> said = Solutions.difference(given);
    if (wanted.isEmpty() || said.isEmpty()) {
      return gold.kind() == given.kind()
          && gold.right().getClass() == given.right().getClass()
          && equal(gold.left(), given.left())
          && equal(gold.right(), given.right());
    }
    Scalar a = wanted.orElseThrow();
    Scalar b = said.orElseThrow();
    if (gold.kind() == given.kind() && scalars.equal(a, b)) {
      return true;
    }
    if (gold.kind().flipped() == given.kind() && scalars.equal(a, Terms.negated(b))) {
      return true;
    }
    return gold.kind() == Kind.EQUAL && given.kind() == Kind.EQUAL && solutions.sameZeros(a, b);
  }

  /**
   * A word against a word, written as one or letter by letter: yes is y·e·s. A letter against
   * anything else is wrong, even where it would come out the same.
   */
  private static boolean words(Scalar gold, Scalar given) {
    Optional<String> wanted = word(gold);
    Optional<String> said = word(given);
    if (wanted.isPresent() && said.isPresent()) {
      return wanted.orElseThrow().equals(said.orElseThrow());
    }
    return written(gold).isPresent() && written(gold).equals(written(given));
  }

  private static Optional<String> word(Scalar scalar) {
    return switch (scalar) {
      case Symbol(var name, _) -> Optional.of(name.toLowerCase(java.util.Locale.ROOT));
      case Constant constant -> constant == Constant.E ? Optional.of("e") : Optional.empty();
      case Product(var factors) -> {
        StringBuilder word = new StringBuilder();
        for (Scalar factor : factors) {
          Optional<String> part = factor instanceof Product ? Optional.empty() : word(factor);
          if (part.isEmpty()) {
            yield Optional.empty();
          }
          word.append(part.orElseThrow());
        }
        yield Optional.of(word.toString());
      }
      default -> Optional.empty();
    };
  }

  private static Optional<String> written(Scalar scalar) {
    return switch (scalar) {
      case Symbol(var name, _) -> Optional.of(name);
      case Exact(var value) -> Optional.of(value.toString());
      default -> Optional.empty();
    };
  }

  private boolean matrices(Matrix gold, Matrix given) {
    if (gold.height() != given.height() || gold.width() != given.width()) {
      return false;
    }
    for (int row = 0; row < gold.height(); row++) {
      for (int column = 0; column < gold.width(); column++) {
        if (!scalars.equal(
            MatrixAlgebra.entry(gold, row, column), MatrixAlgebra.entry(given, row, column))) {
          return false;
        }
      }
    }
    return true;
  }
}
