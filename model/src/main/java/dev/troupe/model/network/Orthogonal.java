package dev.troupe.model.network;

import java.util.random.RandomGenerator;

/**
 * Matrices with orthonormal rows, or columns where there are fewer of them, times a gain.
 *
 * <p>Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep
 * linear neural networks", 2013. Gaussian vectors are made orthogonal one after another (modified
 * Gram-Schmidt, twice, in float64), which draws from the uniform law on such matrices.
 */
final class Orthogonal {
  private Orthogonal() {}

  static float[] matrix(int rows, int columns, double gain, RandomGenerator random) {
    int count = Math.min(rows, columns);
    int length = Math.max(rows, columns);
    double[][] vectors = new double[count][length];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < length; j++) {
        vectors[i][j] = random.nextGaussian();
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < i; k++) {
          subtractProjection(vectors[i], vectors[k]);
        }
      }
      double norm = Math.sqrt(dot(vectors[i], vectors[i]));
      for (int j = 0; j < length; j++) {
        vectors[i][j] /= norm;
      }
    }
    float[] values = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double value = rows <= columns ? vectors[row][column] : vectors[column][row];
        values[row * columns + column] = (float) (gain * value);
      }
    }
    return values;
  }

  private static void subtractProjection(double[] vector, double[] unit) {
    double along = dot(vector, unit);
    for (int j = 0; j < vector.length; j++) {
      vector[j] -= along * unit[j];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
