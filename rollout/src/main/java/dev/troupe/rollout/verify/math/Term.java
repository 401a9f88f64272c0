package dev.troupe.rollout.verify.math;

import java.util.List;

/** What a text says, as a tree. Nothing is evaluated but fractions of whole numbers. */
sealed interface Term {

  /** Something with one value, once its symbols have theirs. */
  sealed interface Scalar extends Term {}

  /** A whole number or a fraction of two. */
  record Exact(Rational value) implements Scalar {}

  /** A number written with a decimal point or exponent: known to as many digits as were written. */
  record Decimal(Rational value) implements Scalar {}

  /** A percentage: a hundredth of its number. */
  record Percent(Scalar number) implements Scalar {}

  /**
   * A letter or a word.
   *
   * @param real whether it stands for real numbers; not where its text speaks of complex ones
   */
  record Symbol(String name, boolean real) implements Scalar {}

  /** A number with a name. */
  enum Constant implements Scalar {
    PI,
    E,
    IMAGINARY_UNIT,
    EULER_GAMMA,
    INFINITY,
    UNDEFINED
  }

  record Sum(List<Scalar> terms) implements Scalar {
    public Sum {
      terms = List.copyOf(terms);
    }
  }

  record Product(List<Scalar> factors) implements Scalar {
    public Product {
      factors = List.copyOf(factors);
    }
  }

  record Power(Scalar base, Scalar exponent) implements Scalar {}

  /** A function that is known. */
  record Call(Function function, List<Scalar> arguments) implements Scalar {
    public Call {
      arguments = List.copyOf(arguments);
    }

    Scalar first() {
      return arguments.getFirst();
    }
  }

  /** A function that only has a name, as in f(x). */
  record Unknown(String name, List<Term> arguments) implements Scalar {
    public Unknown {
      arguments = List.copyOf(arguments);
    }
  }

  /** Σ or ∏ of {@code body} over whole numbers. */
  record Series(boolean product, Scalar body, Symbol variable, Scalar from, Scalar to)
      implements Scalar {}

  /** Rows of the same length. */
  record Matrix(List<List<Scalar>> rows) implements Term {
    public Matrix {
      rows = rows.stream().map(List::copyOf).toList();
    }

    int height() {
      return rows.size();
    }

    int width() {
      return rows.getFirst().size();
    }
  }

  /** Several things together. */
  sealed interface Collection extends Term {}

  record Tuple(List<Term> elements) implements Collection {
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  /** A finite set, in the order written, with what is written twice. */
  record Finite(List<Term> elements) implements Collection {
    public Finite {
      elements = List.copyOf(elements);
    }
  }

  record Interval(Scalar start, Scalar end, boolean leftOpen, boolean rightOpen)
      implements Collection {}

  record Union(Term left, Term right) implements Collection {}

  record Intersection(Term left, Term right) implements Collection {}

  record Difference(Term left, Term right) implements Collection {}

  enum Named implements Collection {
    NATURALS,
    INTEGERS,
    RATIONALS,
    REALS,
    COMPLEXES
  }

  /** Something said of values: an equation, an inequality or several in a row. */
  sealed interface Statement extends Term {
    Relation first();

    Relation last();
  }

  record Relation(Kind kind, Term left, Term right) implements Statement {
    @Override
    public Relation first() {
      return this;
    }

    @Override
    public Relation last() {
      return this;
    }
  }

  /** a &lt; b &lt; c as a &lt; b and b &lt; c, two or more. */
  record Chain(List<Relation> relations) implements Statement {
    public Chain {
      relations = List.copyOf(relations);
    }

    @Override
    public Relation first() {
      return relations.getFirst();
    }

    @Override
    public Relation last() {
      return relations.getLast();
    }
  }

  /** What a relation says. */
  enum Kind {
    EQUAL,
    UNEQUAL,
    LESS,
    AT_MOST,
    GREATER,
    AT_LEAST;

    Kind flipped() {
      return switch (this) {
        case EQUAL, UNEQUAL -> this;
        case LESS -> GREATER;
        case AT_MOST -> AT_LEAST;
        case GREATER -> LESS;
        case AT_LEAST -> AT_MOST;
      };
    }
  }

  /** The functions that have values here. */
  enum Function {
    SIN,
    COS,
    TAN,
    CSC,
    SEC,
    COT,
    ASIN,
    ACOS,
    ATAN,
    ACSC,
    ASEC,
    ACOT,
    SINH,
    COSH,
    TANH,
    ASINH,
    ACOSH,
    ATANH,
    LN,
    EXP,
    ABS,
    FLOOR,
    CEILING,
    FACTORIAL,
    GAMMA,
    BINOMIAL,
    MOD,
    GCD,
    LCM,
    MAX,
    MIN
  }
}
