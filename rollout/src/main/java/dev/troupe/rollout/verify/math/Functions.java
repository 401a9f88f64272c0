package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Call;
import dev.troupe.rollout.verify.math.Term.Constant;
import dev.troupe.rollout.verify.math.Term.Function;
import dev.troupe.rollout.verify.math.Term.Matrix;
import dev.troupe.rollout.verify.math.Term.Power;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Term.Symbol;
import dev.troupe.rollout.verify.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads functions by name: with brackets, or without up to the next function. */
final class Functions {
  private final Cursor cursor;
  private final ExpressionParser expressions;
  private final Operands operands;

  Functions(Cursor cursor, ExpressionParser expressions, Operands operands) {
    this.cursor = cursor;
    this.expressions = expressions;
    this.operands = operands;
  }

  Term function() throws UnreadableException {
    return switch (cursor.kind()) {
      case EULER -> {
        cursor.take();
        yield cursor.at(Kind.CARET) ? new Power(Constant.E, operands.superscript()) : Constant.E;
      }
      case SQRT -> root();
      case SUM, PRODUCT -> series();
      case LOG -> logarithm();
      case MANY_ARGUMENTS -> several(cursor.take().text().substring(1));
      case OPERATOR_NAME -> named();
      case GAMMA -> gamma();
      default -> single(cursor.take().text().substring(1));
    };
  }

  private Scalar root() throws UnreadableException {
    cursor.take();
    Scalar degree =
        cursor.at(Kind.LEFT_BRACKET)
            ? ExpressionParser.scalar(expressions.bracketed(Kind.RIGHT_BRACKET))
            : Terms.exact(2);
    return new Power(operands.braced(), Terms.quotient(Terms.ONE, degree));
  }

  private Scalar series() throws UnreadableException {
    boolean product = cursor.take().kind() == Kind.PRODUCT;
    Optional<Scalar> to =
        cursor.at(Kind.CARET) ? Optional.of(operands.superscript()) : Optional.empty();
    cursor.expect(Kind.UNDERSCORE);
    cursor.expect(Kind.LEFT_BRACE);
    Scalar variable = expressions.scalar();
    cursor.expect(Kind.EQUAL);
    Scalar from = expressions.scalar();
    cursor.expect(Kind.RIGHT_BRACE);
    Scalar end = to.isPresent() ? to.orElseThrow() : operands.superscript();
    Scalar body = ExpressionParser.scalar(expressions.product(false));
    if (variable instanceof Symbol symbol) {
      return new Term.Series(product, body, symbol, from, end);
    }
    throw new UnreadableException("a sum that doesn't run over a letter");
  }

  private Scalar logarithm() throws UnreadableException {
    boolean natural = cursor.take().text().equals("\\ln");
    Optional<Scalar> power = power();
    Scalar base = natural ? Constant.E : Terms.exact(10);
    if (cursor.accept(Kind.UNDERSCORE)) {
      base = cursor.at(Kind.LETTER) ? operands.symbolWithIndex() : operands.atomOrBraced();
    }
    if (power.isEmpty()) {
      power = power();
    }
    return raised(Terms.logarithm(ExpressionParser.scalar(argument()), base), power);
  }

  private Scalar gamma() throws UnreadableException {
    return cursor.kindAfter(1) == Kind.LEFT_PAREN
        ? ExpressionParser.scalar(single(cursor.take().text().substring(1)))
        : operands.atom();
  }

  /** f x, f(x), f^2 x; f^{-1} is the inverse of those that have one here. */
  private Term single(String name) throws UnreadableException {
    Optional<Scalar> power = power();
    Term argument = argument();
    if (name.equals("det")) {
      if (argument instanceof Matrix matrix) {
        return raised(MatrixAlgebra.determinant(matrix), power);
      }
      throw new UnreadableException("a determinant of something that isn't a matrix");
    }
    Scalar scalar = ExpressionParser.scalar(argument);
    Optional<Function> function = function(name);
    if (function.isEmpty()) {
      throw new UnreadableException("function [" + name + "] isn't known");
    }
    if (power.equals(Optional.of(Terms.MINUS_ONE))) {
      Optional<Function> inverse = inverse(function.orElseThrow());
      if (inverse.isPresent()) {
        return Terms.call(inverse.orElseThrow(), scalar);
      }
    }
    return raised(Terms.call(function.orElseThrow(), scalar), power);
  }

  private Scalar several(String name) throws UnreadableException {
    Function function =
        switch (name) {
          case "gcd" -> Function.GCD;
          case "lcm" -> Function.LCM;
          case "max" -> Function.MAX;
          default -> Function.MIN;
        };
    Optional<Scalar> power = power();
    cursor.expect(Kind.LEFT_PAREN);
    List<Scalar> arguments = new ArrayList<>();
    do {
      arguments.add(expressions.scalar());
    } while (cursor.accept(Kind.COMMA));
    cursor.expect(Kind.RIGHT_PAREN);
    return raised(new Call(function, arguments), power);
  }

  /** {@code \operatorname{name}} of the few names that are known. */
  private Term named() throws UnreadableException {
    cursor.take();
    cursor.expect(Kind.LEFT_BRACE);
    String name = cursor.token().text();
    cursor.expect(Kind.NAME);
    cursor.expect(Kind.RIGHT_BRACE);
    return switch (name) {
      case "gcd", "lcm" -> several(name);
      case "tr", "trace" -> {
        if (argument() instanceof Matrix matrix) {
          yield MatrixAlgebra.trace(matrix);
        }
        throw new UnreadableException("a trace of something that isn't a matrix");
      }
      default -> single(name);
    };
  }

  private Optional<Scalar> power() throws UnreadableException {
    return cursor.at(Kind.CARET) ? Optional.of(operands.superscript()) : Optional.empty();
  }

  private Term argument() throws UnreadableException {
    if (cursor.at(Kind.LEFT_PAREN)) {
      int start = cursor.position();
      try {
        return expressions.bracketed(Kind.RIGHT_PAREN);
      } catch (UnreadableException _) {
        cursor.back(start);
      }
    }
    return expressions.product(true);
  }

  private static Scalar raised(Scalar base, Optional<Scalar> power) {
    return power.isPresent() ? new Power(base, power.orElseThrow()) : base;
  }

  private static Optional<Function> function(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "exp" -> Function.EXP;
          case "sin" -> Function.SIN;
          case "cos" -> Function.COS;
          case "tan" -> Function.TAN;
          case "csc" -> Function.CSC;
          case "sec" -> Function.SEC;
          case "cot" -> Function.COT;
          case "arcsin" -> Function.ASIN;
          case "arccos" -> Function.ACOS;
          case "arctan" -> Function.ATAN;
          case "arccsc" -> Function.ACSC;
          case "arcsec" -> Function.ASEC;
          case "arccot" -> Function.ACOT;
          case "sinh" -> Function.SINH;
          case "cosh" -> Function.COSH;
          case "tanh" -> Function.TANH;
          case "arsinh", "arcsinh" -> Function.ASINH;
          case "arcosh", "arccosh" -> Function.ACOSH;
          case "artanh", "arctanh" -> Function.ATANH;
          case "floor" -> Function.FLOOR;
          case "ceil" -> Function.CEILING;
          case "Gamma", "gamma" -> Function.GAMMA;
          default -> null;
        });
  }

  private static Optional<Function> inverse(Function function) {
    return switch (function) {
      case SIN -> Optional.of(Function.ASIN);
      case COS -> Optional.of(Function.ACOS);
      case TAN -> Optional.of(Function.ATAN);
      case CSC -> Optional.of(Function.ACSC);
      case SEC -> Optional.of(Function.ASEC);
      case COT -> Optional.of(Function.ACOT);
      case SINH -> Optional.of(Function.ASINH);
      case COSH -> Optional.of(Function.ACOSH);
      case TANH -> Optional.of(Function.ATANH);
      default -> Optional.empty();
    };
  }
}
