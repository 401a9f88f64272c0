package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Constant;
import dev.troupe.rollout.verify.math.Term.Exact;
import dev.troupe.rollout.verify.math.Term.Function;
import dev.troupe.rollout.verify.math.Term.Scalar;
import dev.troupe.rollout.verify.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads sums, products and powers.
 *
 * <pre>
 * sum     = product ((+ | -) product)*
 * product = signed ((· | / | : | mod) signed)*
 * signed  = (+ | -) signed | power power*        2x, 2 ½; binds tighter than · and /
 * power   = operand (^ (atom | {sum}))* (! | ' | °)*
 * </pre>
 *
 * <p>{@code plain} is the argument of a function without brackets: sin 2x · 3 is all of it, and it
 * ends before the next function.
 */
final class ExpressionParser {
  private final Cursor cursor;
  private final Operands operands;

  /** Bars that are open, in the innermost bracket: the next bar closes one of them. */
  private int bars;

  ExpressionParser(Cursor cursor, boolean real) {
    this.cursor = cursor;
    this.operands = new Operands(cursor, this, real);
  }

  Operands operands() {
    return operands;
  }

  Term sum() throws UnreadableException {
    cursor.enter();
    try {
      Term left = product(false);
      while (cursor.at(Kind.PLUS) || cursor.at(Kind.MINUS)) {
        boolean minus = cursor.take().kind() == Kind.MINUS;
        Term right = product(false);
        left = MatrixAlgebra.sum(left, minus ? MatrixAlgebra.negated(right) : right);
      }
      return left;
    } finally {
      cursor.leave();
    }
  }

  /** A sum that isn't a matrix. */
  Scalar scalar() throws UnreadableException {
    return scalar(sum());
  }

  static Scalar scalar(Term term) throws UnreadableException {
    if (term instanceof Scalar scalar) {
      return scalar;
    }
    throw new UnreadableException("expected a number, got a matrix");
  }

  Term product(boolean plain) throws UnreadableException {
    Term left = signed(plain);
    for (int nested = 0; ; nested++) {
      Cursor.within(nested);
      switch (cursor.kind()) {
        case TIMES -> {
          cursor.take();
          left = MatrixAlgebra.product(left, signed(plain));
          nested--;
        }
        case DIVIDE, COLON -> {
          cursor.take();
          left = MatrixAlgebra.quotient(left, signed(plain));
        }
        case MODULO -> {
          cursor.take();
          left = new Term.Call(Function.MOD, List.of(scalar(left), scalar(signed(plain))));
        }
        default -> {
          return left;
        }
      }
    }
  }

  private Term signed(boolean plain) throws UnreadableException {
    boolean negative = false;
    while (cursor.at(Kind.PLUS) || cursor.at(Kind.MINUS)) {
      negative ^= cursor.take().kind() == Kind.MINUS;
    }
    List<Term> factors = new ArrayList<>();
    factors.add(power(false));
    while (startsFactor(plain)) {
      factors.add(power(plain));
    }
    Term result = factors.getLast();
    for (int i = factors.size() - 2; i >= 0; i--) {
      result = MatrixAlgebra.beside(factors.get(i), result);
    }
    return negative ? MatrixAlgebra.negated(result) : result;
  }

  private Term power(boolean plain) throws UnreadableException {
    cursor.enter();
    try {
      Term base = operands.operand(plain);
      for (int nested = 0; cursor.at(Kind.CARET); nested++) {
        Cursor.within(nested);
        base = MatrixAlgebra.power(base, operands.superscript());
        if (cursor.at(Kind.UNDERSCORE)) {
          operands.subscript();
        }
      }
      return postfixed(base);
    } finally {
      cursor.leave();
    }
  }

  private Term postfixed(Term operand) throws UnreadableException {
    Term base = operand;
    for (int nested = 0; ; nested++) {
      Cursor.within(nested);
      if (cursor.accept(Kind.BANG)) {
        base = Terms.call(Function.FACTORIAL, scalar(base));
      } else if (cursor.accept(Kind.TRANSPOSE)) {
        base = MatrixAlgebra.transposed(base);
      } else if (!cursor.accept(Kind.DEGREE)) {
        return base;
      }
    }
  }

  private boolean startsFactor(boolean plain) {
    return switch (cursor.kind()) {
      case LEFT_PAREN,
          LEFT_BRACE,
          LEFT_SET,
          LEFT_BRACKET,
          LEFT_BAR,
          LEFT_FLOOR,
          LEFT_CEILING,
          BOXED,
          NUMBER,
          SCIENTIFIC,
          PERCENTAGE,
          LETTER,
          BIG_E,
          DIFFERENTIAL,
          GREEK,
          SIGN,
          ACCENT,
          INFINITY,
          FRACTION,
          BINOMIAL,
          MATRIX_START,
          DETERMINANT_START,
          GAMMA ->
          true;
      case BAR -> bars == 0;
      case EULER, FUNCTION, MANY_ARGUMENTS, LOG, OPERATOR_NAME, SQRT, SUM, PRODUCT -> !plain;
      default -> false;
    };
  }

  /** What stands in brackets; a bar in them belongs to them. */
  Term bracketed(Kind close) throws UnreadableException {
    cursor.take();
    int outer = bars;
    bars = 0;
    try {
      Term inner = sum();
      if (close == Kind.RIGHT_BRACE && cursor.accept(Kind.CHOOSE)) {
        inner = Operands.binomial(scalar(inner), scalar());
      }
      cursor.expect(close);
      return inner;
    } finally {
      bars = outer;
    }
  }

  Term betweenBars() throws UnreadableException {
    cursor.take();
    int outer = bars;
    bars = outer + 1;
    try {
      Term inner = sum();
      cursor.expect(Kind.BAR);
      return Terms.call(Function.ABS, scalar(inner));
    } finally {
      bars = outer;
    }
  }

  /**
   * Whether {@code term} is written with symbols alone, as what is assigned to is: x, f(x), A/S.
   */
  static boolean onlySymbols(Term term) {
    return switch (term) {
      case Term.Symbol _ -> true;
      case Term.Power(var base, var exponent) ->
          onlySymbols(base)
              && (onlySymbols(exponent) || exponent.equals(new Exact(Rational.MINUS_ONE)));
      case Term.Sum(var terms) -> terms.stream().allMatch(ExpressionParser::onlySymbols);
      case Term.Product(var factors) -> factors.stream().allMatch(ExpressionParser::onlySymbols);
      case Term.Unknown(_, var arguments) ->
          arguments.stream().allMatch(ExpressionParser::onlySymbols);
      case Term.Call(_, var arguments) ->
          arguments.stream().allMatch(ExpressionParser::onlySymbols);
      case Term.Tuple(var elements) -> elements.stream().allMatch(ExpressionParser::onlySymbols);
      case Term.Finite(var elements) ->
          !elements.isEmpty() && elements.stream().allMatch(ExpressionParser::onlySymbols);
      case Exact _,
          Term.Decimal _,
          Term.Percent _,
          Constant _,
          Term.Series _,
          Term.Matrix _,
          Term.Interval _,
          Term.Union _,
          Term.Intersection _,
          Term.Difference _,
          Term.Named _,
          Term.Relation _,
          Term.Chain _ ->
          false;
    };
  }
}
