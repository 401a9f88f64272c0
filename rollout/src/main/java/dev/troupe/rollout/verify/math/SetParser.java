package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Difference;
import dev.troupe.rollout.verify.math.Term.Finite;
import dev.troupe.rollout.verify.math.Term.Intersection;
import dev.troupe.rollout.verify.math.Term.Named;
import dev.troupe.rollout.verify.math.Term.Relation;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Tuple;
import dev.troupe.rollout.verify.math.Term.Union;
import dev.troupe.rollout.verify.math.Token.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Reads sets, intervals and tuples, and what {@code \cup}, {@code \cap} and {@code \setminus} make
 * of them.
 */
final class SetParser {
  private final Cursor cursor;
  private final ExpressionParser expressions;
  private final AnswerParser answers;

  SetParser(Cursor cursor, ExpressionParser expressions, AnswerParser answers) {
    this.cursor = cursor;
    this.expressions = expressions;
    this.answers = answers;
  }

  /** A ∪ B, or x ∈ A ∪ B. */
  Term statement() throws UnreadableException {
    int start = cursor.position();
    try {
      Term letters = answers.letters();
      if (cursor.accept(Kind.IN) || cursor.accept(Kind.EQUAL)) {
        return new Relation(Term.Kind.EQUAL, letters, statement());
      }
    } catch (UnreadableException _) {
      // Not about letters: the set itself, then.
    }
    cursor.back(start);
    return difference();
  }

  /** A set that nothing but a comma or an end follows; else the cursor stays where it is. */
  Optional<Term> aloneHere() {
    int start = cursor.position();
    if (!begins()) {
      return Optional.empty();
    }
    try {
      Term set = set();
      if (ends()) {
        return Optional.of(set);
      }
    } catch (UnreadableException _) {
      // An expression in brackets, then.
    }
    cursor.back(start);
    return Optional.empty();
  }

  private boolean begins() {
    return switch (cursor.kind()) {
      case LEFT_PAREN, LEFT_BRACKET, LEFT_BRACE, LEFT_SET, BOXED, NAMED_SET, EMPTY_SET -> true;
      default -> false;
    };
  }

  private boolean ends() {
    return switch (cursor.kind()) {
      case COMMA, SEMICOLON, RIGHT_PAREN, RIGHT_BRACE, RIGHT_SET, RIGHT_BRACKET, END -> true;
      default -> false;
    };
  }

  private Term difference() throws UnreadableException {
    cursor.enter();
    try {
      Term left = union();
      for (int nested = 0; cursor.accept(Kind.SET_MINUS); nested++) {
        Cursor.within(nested);
        left = new Difference(left, union());
      }
      return left;
    } finally {
      cursor.leave();
    }
  }

  private Term union() throws UnreadableException {
    Term left = intersection();
    for (int nested = 0; cursor.accept(Kind.UNION); nested++) {
      Cursor.within(nested);
      left = new Union(asSet(left), asSet(intersection()));
    }
    return left;
  }

  private Term intersection() throws UnreadableException {
    Term left = group();
    for (int nested = 0; cursor.accept(Kind.INTERSECTION); nested++) {
      Cursor.within(nested);
      left = new Intersection(asSet(left), asSet(group()));
    }
    return left;
  }

  private Term group() throws UnreadableException {
    int start = cursor.position();
    try {
      return set();
    } catch (UnreadableException e) {
      cursor.back(start);
      if (!cursor.accept(Kind.LEFT_PAREN)) {
        throw e;
      }
    }
    Term inner = difference();
    cursor.expect(Kind.RIGHT_PAREN);
    return inner;
  }

  private static Term asSet(Term term) {
    return term instanceof Tuple(var elements) ? new Finite(elements) : term;
  }

  private Term set() throws UnreadableException {
    cursor.enter();
    try {
      return switch (cursor.kind()) {
        case NAMED_SET -> named(cursor.take().text());
        case EMPTY_SET -> {
          cursor.take();
          yield new Finite(List.of());
        }
        case LEFT_PAREN -> intervalOrTuple(Kind.RIGHT_PAREN);
        case LEFT_BRACKET -> intervalOrTuple(Kind.RIGHT_BRACKET);
        case LEFT_BRACE -> finite(Kind.RIGHT_BRACE);
        case LEFT_SET -> finite(Kind.RIGHT_SET);
        case BOXED -> {
          cursor.take();
          cursor.expect(Kind.LEFT_BRACE);
          Term content = AnswerParser.collected(answers.rows(true));
          cursor.expect(Kind.RIGHT_BRACE);
          yield content;
        }
        default -> throw cursor.unexpected("a set");
      };
    } finally {
      cursor.leave();
    }
  }

  private Term finite(Kind close) throws UnreadableException {
    cursor.take();
    if (cursor.accept(close)) {
      return new Finite(List.of());
    }
    List<Term> elements = flat(answers.rows(true));
    cursor.expect(close);
    return new Finite(elements);
  }

  private Term intervalOrTuple(Kind close) throws UnreadableException {
    int start = cursor.position();
    Optional<Term> interval = interval();
    if (interval.isPresent()) {
      return interval.orElseThrow();
    }
    cursor.back(start);
    cursor.take();
    List<Term> elements = flat(answers.rows(true));
    cursor.expect(close);
    return elements.size() == 1 ? elements.getFirst() : new Tuple(elements);
  }

  private Optional<Term> interval() throws UnreadableException {
    boolean leftOpen = cursor.take().kind() == Kind.LEFT_PAREN;
    try {
      Scalar left = expressions.scalar();
      cursor.expect(Kind.COMMA);
      Scalar right = expressions.scalar();
      boolean rightOpen = cursor.at(Kind.RIGHT_PAREN);
      if (!rightOpen) {
        cursor.expect(Kind.RIGHT_BRACKET);
      } else {
        cursor.take();
      }
      return Optional.of(RealSets.interval(left, right, leftOpen, rightOpen));
    } catch (UnreadableException _) {
      return Optional.empty();
    }
  }

  private static List<Term> flat(List<List<Term>> rows) {
    return rows.stream().flatMap(List::stream).toList();
  }

  private static Named named(String written) {
    return switch (written) {
      case "\\mathbb{N}", "ℕ" -> Named.NATURALS;
      case "\\mathbb{Z}", "ℤ" -> Named.INTEGERS;
      case "\\mathbb{Q}", "ℚ" -> Named.RATIONALS;
      case "\\mathbb{R}", "ℝ" -> Named.REALS;
      default -> Named.COMPLEXES;
    };
  }
}
