package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Term.Exact;
import dev.troupe.rollout.verify.math.Term.Matrix;
import dev.troupe.rollout.verify.math.Term.Power;
import dev.troupe.rollout.verify.math.Term.Scalar;
import java.util.ArrayList;
import java.util.List;

/** Sums, products and powers of what may be matrices: entry by entry, without simplifying. */
final class MatrixAlgebra {
  private static final int SIZE_MAX = 12;
  private static final int DETERMINANT_MAX = 5;
  private static final int POWER_MAX = 16;

  private MatrixAlgebra() {}

  static Term sum(Term left, Term right) throws UnreadableException {
    if (left instanceof Scalar a && right instanceof Scalar b) {
      return Terms.sum(a, b);
    }
    if (left instanceof Matrix a
        && right instanceof Matrix b
        && a.height() == b.height()
        && a.width() == b.width()) {
      return entries(
          a.height(),
          a.width(),
          (row, column) -> Terms.sum(entry(a, row, column), entry(b, row, column)));
    }
    throw new UnreadableException("a sum of things of different shapes");
  }

  static Term negated(Term term) throws UnreadableException {
    return term instanceof Scalar scalar ? Terms.negated(scalar) : product(Terms.MINUS_ONE, term);
  }

  /** Things with a sign between them: 2 · 3. */
  static Term product(Term left, Term right) throws UnreadableException {
    if (left instanceof Scalar a && right instanceof Scalar b) {
      return Terms.product(a, b);
    }
    if (left instanceof Scalar a && right instanceof Matrix b) {
      return scaled(a, b);
    }
    if (left instanceof Matrix a && right instanceof Scalar b) {
      return scaled(b, a);
    }
    if (left instanceof Matrix a && right instanceof Matrix b && a.width() == b.height()) {
      return entries(a.height(), b.width(), (row, column) -> dot(a, b, row, column));
    }
    throw new UnreadableException("a product of things of different shapes");
  }

  /** Things that stand beside each other: 2x, or 2½. */
  static Term beside(Term left, Term right) throws UnreadableException {
    return left instanceof Scalar a && right instanceof Scalar b
        ? Terms.beside(a, b)
        : product(left, right);
  }

  static Term quotient(Term left, Term right) throws UnreadableException {
    if (!(right instanceof Scalar b)) {
      throw new UnreadableException("a division by a matrix");
    }
    return left instanceof Scalar a
        ? Terms.quotient(a, b)
        : product(new Power(b, Terms.MINUS_ONE), left);
  }

  static Term power(Term base, Scalar exponent) throws UnreadableException {
    if (base instanceof Scalar scalar) {
      return new Power(scalar, exponent);
    }
    if (!(base instanceof Matrix && exponent instanceof Exact(var value) && value.isInt())
        || value.toInt() < 1
        || value.toInt() > POWER_MAX) {
      throw new UnreadableException("a power of a matrix that isn't a small number");
    }
    Term result = base;
    for (int i = 1; i < value.toInt(); i++) {
      result = product(result, base);
    }
    return result;
  }

  static Term transposed(Term term) throws UnreadableException {
    return term instanceof Matrix matrix
        ? entries(matrix.width(), matrix.height(), (row, column) -> entry(matrix, column, row))
        : term;
  }

  static Scalar trace(Matrix matrix) throws UnreadableException {
    square(matrix, SIZE_MAX);
    Scalar sum = entry(matrix, 0, 0);
    for (int i = 1; i < matrix.height(); i++) {
      sum = Terms.sum(sum, entry(matrix, i, i));
    }
    return sum;
  }

  /** By the first row. */
  static Scalar determinant(Matrix matrix) throws UnreadableException {
    square(matrix, DETERMINANT_MAX);
    if (matrix.height() == 1) {
      return entry(matrix, 0, 0);
    }
    Scalar sum = Terms.ZERO;
    for (int column = 0; column < matrix.width(); column++) {
      int without = column;
      Matrix minor =
          entries(
              matrix.height() - 1,
              matrix.width() - 1,
              (row, other) -> entry(matrix, row + 1, other < without ? other : other + 1));
      Scalar part = Terms.product(entry(matrix, 0, column), determinant(minor));
      sum = Terms.sum(sum, column % 2 == 0 ? part : Terms.negated(part));
    }
    return sum;
  }

  private interface Entry {
    Scalar at(int row, int column);
  }

  private static Matrix entries(int height, int width, Entry entry) throws UnreadableException {
    if (height > SIZE_MAX || width > SIZE_MAX) {
      throw new UnreadableException("arithmetic with a matrix larger than [" + SIZE_MAX + "]");
    }
    List<List<Scalar>> rows = new ArrayList<>();
    for (int row = 0; row < height; row++) {
      List<Scalar> entries = new ArrayList<>();
      for (int column = 0; column < width; column++) {
        entries.add(entry.at(row, column));
      }
      rows.add(entries);
    }
    return new Matrix(rows);
  }

  private static Matrix scaled(Scalar factor, Matrix matrix) throws UnreadableException {
    return entries(
        matrix.height(),
        matrix.width(),
        (row, column) -> Terms.product(factor, entry(matrix, row, column)));
  }

  private static Scalar dot(Matrix left, Matrix right, int row, int column) {
    Scalar sum = Terms.product(entry(left, row, 0), entry(right, 0, column));
    for (int i = 1; i < left.width(); i++) {
      sum = Terms.sum(sum, Terms.product(entry(left, row, i), entry(right, i, column)));
    }
    return sum;
  }

  private static void square(Matrix matrix, int sizeMax) throws UnreadableException {
    if (matrix.height() != matrix.width() || matrix.height() > sizeMax) {
      throw new UnreadableException("expected a square matrix of at most [" + sizeMax + "] rows");
    }
  }

  static Scalar entry(Matrix matrix, int row, int column) {
    return matrix.rows().get(row).get(column);
  }
}
