package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Chain;
import dev.troupe.rollout.verify.math.Term.Finite;
import dev.troupe.rollout.verify.math.Term.Kind;
import dev.troupe.rollout.verify.math.Term.Relation;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Statement;
import dev.troupe.rollout.verify.math.Term.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a whole answer: what is said of a letter (x = 1, 2), a list (1, 2; x = 1 or x = 2), or sets
 * with signs between them. The three are tried in this order, each up to the end of the text.
 */
final class AnswerParser {
  /** Where letters are complex numbers instead of real ones. */
  private static final Pattern COMPLEX =
      Pattern.compile(
          "\\\\mathbb\\{C}|\\\\i\\b|\\bi\\b|\\\\(?:text|mathrm)\\{i}|\\\\imath\\b|\\\\det"
              + "|\\\\operatorname\\{(?:tr|rank|Re|Im)}|\\\\text\\{(?:rank|Re|Im)}"
              + "|\\\\(?:arg|Re|Im)\\{");

  private static final Pattern THOUSANDS =
      Pattern.compile("\\s*-?\\d{1,3}(?:,\\d{3}){1,20}(?:\\.\\d+)?\\s*");

  private static final Pattern EQUAL_SIGN = Pattern.compile("(?<![\\\\<!>])=");

  private final Cursor cursor;
  private final ExpressionParser expressions;
  private final SetParser sets;

  private AnswerParser(Cursor cursor, ExpressionParser expressions) {
    this.cursor = cursor;
    this.expressions = expressions;
    this.sets = new SetParser(cursor, expressions, this);
  }

  /**
   * What {@code latex} says. Where all of it can't be read and it is a row of equal signs, what
   * stands behind the last.
   */
  static Term parse(String latex, boolean readsPercent, Work work) throws UnreadableException {
    try {
      return whole(latex, readsPercent, work);
    } catch (UnreadableException e) {
      if (latex.indexOf(',') < 0 && latex.indexOf(';') < 0) {
        String[] parts = EQUAL_SIGN.split(latex, -1);
        if (parts.length > 2) {
          return whole(parts[parts.length - 1], readsPercent, work);
        }
      }
      throw e;
    }
  }

  private static Term whole(String latex, boolean readsPercent, Work work)
      throws UnreadableException {
    if (THOUSANDS.matcher(latex).matches()) {
      String digits = latex.strip();
      return Operands.number(
          digits.startsWith("0") ? digits.replace(',', '.') : digits.replace(",", ""));
    }
    List<Token> tokens = Lexer.tokens(latex, readsPercent, work);
    Cursor cursor = new Cursor(tokens, work);
    boolean real = !COMPLEX.matcher(latex).find();
    AnswerParser parser = new AnswerParser(cursor, new ExpressionParser(cursor, real));
    Optional<Term> said = parser.complete(parser::saidOfLetters);
    if (said.isPresent()) {
      return said.orElseThrow();
    }
    Optional<Term> list = parser.complete(parser::list);
    if (list.isPresent()) {
      return list.orElseThrow();
    }
    cursor.back(0);
    Term set = parser.sets.statement();
    cursor.expect(Token.Kind.END);
    return set;
  }

  private interface Reader {
    Term read() throws UnreadableException;
  }

  private Optional<Term> complete(Reader reader) {
    cursor.back(0);
    try {
      Term term = reader.read();
      return cursor.at(Token.Kind.END) ? Optional.of(term) : Optional.empty();
    } catch (UnreadableException _) {
      return Optional.empty();
    }
  }

  /** x = 1, 2 or (x, y) = (1, 2) or x ∈ [0, 1]. */
  private Term saidOfLetters() throws UnreadableException {
    Term letters = letters();
    if (!cursor.accept(Token.Kind.EQUAL)) {
      cursor.expect(Token.Kind.IN);
    }
    return new Relation(Kind.EQUAL, letters, collected(rows(false)));
  }

  private Term list() throws UnreadableException {
    return collected(rows(true));
  }

  /** A letter, or several in brackets. */
  Term letters() throws UnreadableException {
    if (!cursor.accept(Token.Kind.LEFT_PAREN)) {
      return letter();
    }
    List<Term> letters = new ArrayList<>();
    do {
      letters.add(letter());
    } while (cursor.accept(Token.Kind.COMMA));
    cursor.expect(Token.Kind.RIGHT_PAREN);
    return letters.size() == 1 ? letters.getFirst() : new Tuple(letters);
  }

  private Scalar letter() throws UnreadableException {
    return switch (cursor.kind()) {
      case LETTER, GREEK, SIGN, ACCENT -> expressions.operands().symbolWithPower();
      default -> throw cursor.unexpected("a letter");
    };
  }

  /** Elements with commas between them, in rows with semicolons between them. */
  List<List<Term>> rows(boolean relations) throws UnreadableException {
    List<List<Term>> rows = new ArrayList<>();
    do {
      List<Term> row = new ArrayList<>();
      do {
        row.addAll(element(relations));
      } while (cursor.accept(Token.Kind.COMMA));
      rows.add(row);
    } while (cursor.accept(Token.Kind.SEMICOLON));
    return rows;
  }

  /** One thing is itself, several are a set, several rows a set of tuples. */
  static Term collected(List<List<Term>> rows) {
    if (rows.size() == 1) {
      List<Term> row = rows.getFirst();
      return row.size() == 1 ? row.getFirst() : new Finite(row);
    }
    boolean single = rows.stream().allMatch(row -> row.size() == 1);
    return new Finite(
        rows.stream().<Term>map(row -> single ? row.getFirst() : new Tuple(row)).toList());
  }

  private List<Term> element(boolean relations) throws UnreadableException {
    if (cursor.accept(Token.Kind.PLUS_MINUS)) {
      Scalar scalar = expressions.scalar();
      return List.of(Terms.negated(scalar), scalar);
    }
    Optional<Term> set = sets.aloneHere();
    if (set.isPresent()) {
      return List.of(set.orElseThrow());
    }
    Term left = expressions.sum();
    if (cursor.accept(Token.Kind.PLUS_MINUS)) {
      Scalar around = ExpressionParser.scalar(left);
      Scalar step = expressions.scalar();
      return List.of(Terms.sum(around, step), Terms.difference(around, step));
    }
    return List.of(relations ? relation(left) : left);
  }

  /** a = b, a &lt; b ≤ c; an approximation is dropped. */
  private Term relation(Term start) throws UnreadableException {
    Term left = start;
    while (true) {
      Optional<Kind> kind = kind(cursor.kind());
      if (kind.isPresent()) {
        cursor.take();
        left = joined(left, kind.orElseThrow(), expressions.sum());
      } else if (cursor.accept(Token.Kind.ABOUT)) {
        Term right = expressions.sum();
        left = ExpressionParser.onlySymbols(left) ? right : left;
      } else {
        return left;
      }
    }
  }

  private static Term joined(Term left, Kind kind, Term right) {
    if (!(left instanceof Statement statement)) {
      return new Relation(kind, left, right);
    }
    List<Relation> relations = new ArrayList<>();
    switch (statement) {
      case Relation relation -> relations.add(relation);
      case Chain(var earlier) -> relations.addAll(earlier);
    }
    relations.add(new Relation(kind, statement.last().right(), right));
    return new Chain(relations);
  }

  private static Optional<Kind> kind(Token.Kind token) {
    return switch (token) {
      case EQUAL -> Optional.of(Kind.EQUAL);
      case UNEQUAL -> Optional.of(Kind.UNEQUAL);
      case LESS -> Optional.of(Kind.LESS);
      case AT_MOST -> Optional.of(Kind.AT_MOST);
      case GREATER -> Optional.of(Kind.GREATER);
      case AT_LEAST -> Optional.of(Kind.AT_LEAST);
      default -> Optional.empty();
    };
  }
}
