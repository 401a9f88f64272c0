package dev.troupe.rollout.environment.mujoco;

/**
 * Sums in NumPy's order: one after another below eight numbers, else in eight partial sums that are
 * added in pairs, and then the rest. For at most 128 numbers; beyond, NumPy halves first.
 */
final class NumpySum {
  private NumpySum() {}

  static float of(float[] numbers, int count) {
    if (count < 8) {
      float sum = 0;
      for (int i = 0; i < count; i++) {
        sum += numbers[i];
      }
      return sum;
    }
    float a = numbers[0];
    float b = numbers[1];
    float c = numbers[2];
    float d = numbers[3];
    float e = numbers[4];
    float f = numbers[5];
    float g = numbers[6];
    float h = numbers[7];
    int i = 8;
    for (; i < count - count % 8; i += 8) {
      a += numbers[i];
      b += numbers[i + 1];
      c += numbers[i + 2];
      d += numbers[i + 3];
      e += numbers[i + 4];
      f += numbers[i + 5];
      g += numbers[i + 6];
      h += numbers[i + 7];
    }
    float sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
    for (; i < count; i++) {
      sum += numbers[i];
    }
    return sum;
  }

  static double of(double[] numbers, int count) {
    if (count < 8) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += numbers[i];
      }
      return sum;
    }
    double a = numbers[0];
    double b = numbers[1];
    double c = numbers[2];
    double d = numbers[3];
    double e = numbers[4];
    double f = numbers[5];
    double g = numbers[6];
    double h = numbers[7];
    int i = 8;
    for (; i < count - count % 8; i += 8) {
      a += numbers[i];
      b += numbers[i + 1];
      c += numbers[i + 2];
      d += numbers[i + 3];
      e += numbers[i + 4];
      f += numbers[i + 5];
      g += numbers[i + 6];
      h += numbers[i + 7];
    }
    double sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
    for (; i < count; i++) {
      sum += numbers[i];
    }
    return sum;
  }
}
