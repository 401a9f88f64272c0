package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Constant;
import dev.troupe.rollout.verify.math.Term.Exact;
import dev.troupe.rollout.verify.math.Term.Function;
import dev.troupe.rollout.verify.math.Term.Matrix;
import dev.troupe.rollout.verify.math.Term.Power;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Symbol;
import dev.troupe.rollout.verify.math.Token.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads what sums and products are made of: numbers, letters, brackets, fractions, matrices. */
final class Operands {
  private static final int BINOMIAL_MAX = 500;

  private final Cursor cursor;
  private final ExpressionParser expressions;
  private final Functions functions;
  private final boolean real;

  Operands(Cursor cursor, ExpressionParser expressions, boolean real) {
    this.cursor = cursor;
    this.expressions = expressions;
    this.real = real;
    this.functions = new Functions(cursor, expressions, this);
  }

  Term operand(boolean plain) throws UnreadableException {
    return switch (cursor.kind()) {
      case LEFT_PAREN -> expressions.bracketed(Kind.RIGHT_PAREN);
      case LEFT_BRACE -> expressions.bracketed(Kind.RIGHT_BRACE);
      case LEFT_SET -> expressions.bracketed(Kind.RIGHT_SET);
      case LEFT_BRACKET -> expressions.bracketed(Kind.RIGHT_BRACKET);
      case LEFT_BAR -> around(Function.ABS, Kind.RIGHT_BAR);
      case LEFT_FLOOR -> around(Function.FLOOR, Kind.RIGHT_FLOOR);
      case LEFT_CEILING -> around(Function.CEILING, Kind.RIGHT_CEILING);
      case BAR -> expressions.betweenBars();
      case BOXED -> {
        cursor.take();
        yield expressions.bracketed(Kind.RIGHT_BRACE);
      }
      case FRACTION -> fraction();
      case BINOMIAL -> {
        cursor.take();
        Scalar upper = braced();
        yield binomial(upper, braced());
      }
      case MATRIX_START -> matrix(Kind.MATRIX_END);
      case DETERMINANT_START -> MatrixAlgebra.determinant(matrix(Kind.DETERMINANT_END));
      case LETTER, GREEK, SIGN, ACCENT -> letter(plain);
      case EULER, FUNCTION, MANY_ARGUMENTS, LOG, OPERATOR_NAME, SQRT, SUM, PRODUCT, GAMMA ->
          functions.function();
      default -> atom();
    };
  }

  /** A single thing, as an exponent without braces is. */
  Scalar atom() throws UnreadableException {
    return switch (cursor.kind()) {
      case NUMBER, SCIENTIFIC -> {
        Scalar number = number(cursor.take().text());
        if (cursor.at(Kind.UNDERSCORE)) {
          subscript();
        }
        yield number;
      }
      case PERCENTAGE -> new Term.Percent(number(cursor.take().text()));
      case LETTER, GREEK, SIGN, ACCENT -> symbolWithPower();
      case BIG_E -> {
        cursor.take();
        yield symbol("e");
      }
      case DIFFERENTIAL -> new Symbol(cursor.take().text().replaceAll("[\\s\\\\]", ""), real);
      case INFINITY -> {
        cursor.take();
        yield Constant.INFINITY;
      }
      case GAMMA -> {
        cursor.take();
        yield Constant.EULER_GAMMA;
      }
      default -> throw cursor.unexpected("a number, a letter or a bracket");
    };
  }

  /** A letter with its index and its power. */
  Scalar symbolWithPower() throws UnreadableException {
    Scalar symbol = symbolWithIndex();
    if (cursor.at(Kind.CARET)) {
      Scalar exponent = superscript();
      if (cursor.at(Kind.UNDERSCORE)) {
        subscript();
      }
      return new Power(symbol, exponent);
    }
    return symbol;
  }

  Scalar symbolWithIndex() throws UnreadableException {
    Token token = cursor.take();
    String name =
        token.kind() == Kind.ACCENT ? accented(token) : Vocabulary.name(token.text().strip());
    boolean bare = !cursor.at(Kind.UNDERSCORE);
    if (bare && token.kind() == Kind.LETTER && token.text().equals("I")) {
      return Constant.IMAGINARY_UNIT;
    }
    return symbol(bare ? name : name + subscript());
  }

  /** x, or f(x): a letter with brackets that hold one thing, or several with commas. */
  private Term letter(boolean plain) throws UnreadableException {
    int start = cursor.position();
    if (!plain) {
      cursor.take();
      if (cursor.at(Kind.UNDERSCORE)) {
        subscript();
      }
      String name = cursor.written(start);
      Scalar exponent = cursor.at(Kind.CARET) ? superscript() : Terms.ONE;
      List<Term> arguments = arguments();
      if (!arguments.isEmpty()) {
        Scalar called = new Term.Unknown(name, arguments);
        return exponent.equals(Terms.ONE) ? called : new Power(called, exponent);
      }
      cursor.back(start);
    }
    return symbolWithPower();
  }

  private List<Term> arguments() throws UnreadableException {
    Kind close;
    if (cursor.at(Kind.LEFT_PAREN)) {
      close = Kind.RIGHT_PAREN;
    } else if (cursor.at(Kind.LEFT_BRACKET)) {
      close = Kind.RIGHT_BRACKET;
    } else {
      return List.of();
    }
    if (!cursor.looksLikeArguments()) {
      return List.of();
    }
    int start = cursor.position();
    List<Term> arguments = new ArrayList<>();
    try {
      cursor.take();
      arguments.add(atom());
      if (cursor.accept(close)) {
        return arguments;
      }
    } catch (UnreadableException _) {
      // Not one atom: several things with commas are the other way to write arguments.
    }
    cursor.back(start);
    arguments.clear();
    try {
      cursor.take();
      do {
        arguments.add(expressions.scalar());
      } while (cursor.accept(Kind.COMMA));
      return cursor.accept(close) && arguments.size() > 1 ? arguments : List.of();
    } catch (UnreadableException _) {
      return List.of();
    }
  }

  Scalar superscript() throws UnreadableException {
    cursor.expect(Kind.CARET);
    return atomOrBraced();
  }

  Scalar atomOrBraced() throws UnreadableException {
    return cursor.at(Kind.LEFT_BRACE) ? braced() : atom();
  }

  Scalar braced() throws UnreadableException {
    if (!cursor.at(Kind.LEFT_BRACE)) {
      throw cursor.unexpected("[{]");
    }
    return ExpressionParser.scalar(expressions.bracketed(Kind.RIGHT_BRACE));
  }

  /** An index as text, the same for {@code _1} and {@code _{1}}. */
  String subscript() throws UnreadableException {
    cursor.expect(Kind.UNDERSCORE);
    int start = cursor.position();
    String text;
    if (cursor.accept(Kind.LEFT_BRACE)) {
      do {
        expressions.scalar();
      } while (cursor.accept(Kind.COMMA));
      text = cursor.written(start + 1);
      cursor.expect(Kind.RIGHT_BRACE);
    } else if (cursor.at(Kind.LETTER) || cursor.at(Kind.GREEK) || cursor.at(Kind.ACCENT)) {
      text = cursor.take().text();
    } else {
      atom();
      text = cursor.written(start);
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.length() > 1 ? "_{" + lower + "}" : "_" + lower;
  }

  Scalar symbol(String name) {
    return switch (name) {
      case "pi" -> Constant.PI;
      case "gamma" -> Constant.EULER_GAMMA;
      default -> new Symbol(name, real);
    };
  }

  static Scalar number(String text) {
    Rational value = Rational.of(new BigDecimal(text.replace('−', '-')));
    return text.indexOf('.') < 0 && text.indexOf('E') < 0
        ? new Exact(value)
        : new Term.Decimal(value);
  }

  static Scalar binomial(Scalar upper, Scalar lower) {
    if (upper instanceof Exact(var n)
        && lower instanceof Exact(var k)
        && n.isInt()
        && k.isInt()
        && k.toInt() >= 0
        && n.toInt() >= k.toInt()
        && n.toInt() <= BINOMIAL_MAX) {
      Rational result = Rational.ONE;
      for (int i = 1; i <= k.toInt(); i++) {
        result = result.times(Rational.of(n.toInt() - k.toInt() + i)).dividedBy(Rational.of(i));
      }
      return new Exact(result);
    }
    return new Term.Call(Function.BINOMIAL, List.of(upper, lower));
  }

  private Term around(Function function, Kind close) throws UnreadableException {
    return Terms.call(function, ExpressionParser.scalar(expressions.bracketed(close)));
  }

  /** a/b, or dy/dx as a thing of its own. */
  private Term fraction() throws UnreadableException {
    cursor.take();
    if (!cursor.at(Kind.LEFT_BRACE)) {
      throw cursor.unexpected("[{]");
    }
    Term upper = expressions.bracketed(Kind.RIGHT_BRACE);
    boolean derivative =
        cursor.kindAfter(1) == Kind.DIFFERENTIAL && cursor.kindAfter(2) == Kind.RIGHT_BRACE;
    Scalar lower = braced();
    if (derivative && upper instanceof Symbol(var name, _) && name.equals("d")) {
      throw new UnreadableException("derivatives aren't taken");
    }
    if (derivative && upper instanceof Symbol(var name, _) && name.startsWith("d")) {
      return new Term.Unknown("derivative", List.of(upper, lower, Terms.ONE));
    }
    return MatrixAlgebra.quotient(upper, lower);
  }

  private Matrix matrix(Kind end) throws UnreadableException {
    cursor.take();
    List<List<Scalar>> rows = new ArrayList<>();
    do {
      if (cursor.at(end)) {
        break;
      }
      List<Scalar> row = new ArrayList<>();
      do {
        row.add(expressions.scalar());
      } while (cursor.accept(Kind.COLUMN));
      rows.add(row);
    } while (cursor.accept(Kind.ROW));
    cursor.expect(end);
    if (rows.isEmpty() || rows.stream().anyMatch(row -> row.size() != rows.getFirst().size())) {
      throw new UnreadableException("a matrix whose rows have different lengths");
    }
    return new Matrix(rows);
  }

  /** Words lose their dress, so that {@code C} is {@code \text{(C)}}; other accents stay. */
  private static String accented(Token token) {
    String command = token.text();
    String inner = token.inner().replace(" ", "");
    String accent =
        switch (command) {
          case "bar", "overline" -> "bar";
          case "vec", "overrightarrow" -> "vec";
          case "tilde", "widetilde" -> "tilde";
          case "mbox" -> "";
          default -> {
            if (command.startsWith("text")) {
              yield "";
            }
            yield command.startsWith("math") ? "math" : command;
          }
        };
    String name =
        accent.isEmpty() ? inner.replace("(", "").replace(")", "") : accent + "{" + inner + "}";
    return Vocabulary.name(name);
  }
}
