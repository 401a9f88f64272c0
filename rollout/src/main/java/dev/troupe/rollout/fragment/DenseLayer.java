package dev.troupe.rollout.fragment;

/**
 * One layer of a small network, y = W·x + b, for many rows.
 *
 * <p>The inner loop runs over the outputs and adds four inputs to two rows at a time: then each
 * weight that is loaded serves two rows and each sum that is stored has taken four products. Rows
 * of weights are arrays of their own, so that the compiler knows what may overlap and uses vector
 * instructions. Layers with few outputs are dot products instead. The order of additions depends on
 * neither the number of rows nor a row's place.
 */
final class DenseLayer {
  private static final int FEW_OUTPUTS = 8;

  private final int inputs;
  private final int outputs;

  /** [inputs][outputs], or [outputs][inputs] where there are few outputs. */
  private final float[][] rows;

  private final float[] bias;
  private final float[] sums;
  private final float[] otherSums;

  /**
   * @param weight [outputs, inputs], row-major, as PyTorch has it
   * @param bias [outputs]
   */
  DenseLayer(float[] weight, float[] bias) {
    this.outputs = bias.length;
    this.inputs = weight.length / Math.max(1, bias.length);
    if (weight.length != inputs * outputs || inputs == 0) {
      throw new IllegalArgumentException(
          "weight must have a multiple of ["
              + bias.length
              + "] numbers, one for each bias, got ["
              + weight.length
              + "]");
    }
    this.bias = bias.clone();
    this.rows = few() ? new float[outputs][inputs] : new float[inputs][outputs];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        float value = weight[o * inputs + i];
        if (few()) {
          rows[o][i] = value;
        } else {
          rows[i][o] = value;
        }
      }
    }
    this.sums = new float[outputs];
    this.otherSums = new float[outputs];
  }

  int inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  private boolean few() {
    return outputs < FEW_OUTPUTS;
  }

  /**
   * @param in [count, inputs]
   * @param out [count, outputs]
   */
  void apply(float[] in, float[] out, int count) {
    if (few()) {
      dots(in, out, count);
      return;
    }
    int row = 0;
    for (; row + 1 < count; row += 2) {
      System.arraycopy(bias, 0, sums, 0, outputs);
      System.arraycopy(bias, 0, otherSums, 0, outputs);
      addTwo(in, row * inputs, (row + 1) * inputs);
      System.arraycopy(sums, 0, out, row * outputs, outputs);
      System.arraycopy(otherSums, 0, out, (row + 1) * outputs, outputs);
    }
    if (row < count) {
      System.arraycopy(bias, 0, sums, 0, outputs);
      addOne(in, row * inputs);
      System.arraycopy(sums, 0, out, row * outputs, outputs);
    }
  }

  private void addTwo(float[] in, int x, int y) {
    int i = 0;
    for (; i + 3 < inputs; i += 4) {
      four(
          sums,
          otherSums,
          rows[i],
          rows[i + 1],
          rows[i + 2],
          rows[i + 3],
          in[x + i],
          in[x + i + 1],
          in[x + i + 2],
          in[x + i + 3],
          in[y + i],
          in[y + i + 1],
          in[y + i + 2],
          in[y + i + 3],
          outputs);
    }
    for (; i < inputs; i++) {
      one(sums, rows[i], in[x + i], outputs);
      one(otherSums, rows[i], in[y + i], outputs);
    }
  }

  private void addOne(float[] in, int x) {
    int i = 0;
    for (; i + 3 < inputs; i += 4) {
      four(
          sums,
          rows[i],
          rows[i + 1],
          rows[i + 2],
          rows[i + 3],
          in[x + i],
          in[x + i + 1],
          in[x + i + 2],
          in[x + i + 3],
          outputs);
    }
    for (; i < inputs; i++) {
      one(sums, rows[i], in[x + i], outputs);
    }
  }

  private static void four(
      float[] a,
      float[] b,
      float[] w0,
      float[] w1,
      float[] w2,
      float[] w3,
      float x0,
      float x1,
      float x2,
      float x3,
      float y0,
      float y1,
      float y2,
      float y3,
      int count) {
    for (int j = 0; j < count; j++) {
      float p = w0[j];
      float q = w1[j];
      float r = w2[j];
      float s = w3[j];
      a[j] = Math.fma(x3, s, Math.fma(x2, r, Math.fma(x1, q, Math.fma(x0, p, a[j]))));
      b[j] = Math.fma(y3, s, Math.fma(y2, r, Math.fma(y1, q, Math.fma(y0, p, b[j]))));
    }
  }

  private static void four(
      float[] a,
      float[] w0,
      float[] w1,
      float[] w2,
      float[] w3,
      float x0,
      float x1,
      float x2,
      float x3,
      int count) {
    for (int j = 0; j < count; j++) {
      a[j] =
          Math.fma(x3, w3[j], Math.fma(x2, w2[j], Math.fma(x1, w1[j], Math.fma(x0, w0[j], a[j]))));
    }
  }

  private static void one(float[] a, float[] w, float x, int count) {
    for (int j = 0; j < count; j++) {
      a[j] = Math.fma(x, w[j], a[j]);
    }
  }

  private void dots(float[] in, float[] out, int count) {
    for (int row = 0; row < count; row++) {
      for (int o = 0; o < outputs; o++) {
        out[row * outputs + o] = bias[o] + dot(in, row * inputs, rows[o]);
      }
    }
  }

  private static float dot(float[] in, int from, float[] w) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < w.length; i += 4) {
      a = Math.fma(in[from + i], w[i], a);
      b = Math.fma(in[from + i + 1], w[i + 1], b);
      c = Math.fma(in[from + i + 2], w[i + 2], c);
      d = Math.fma(in[from + i + 3], w[i + 3], d);
    }
    for (; i < w.length; i++) {
      a = Math.fma(in[from + i], w[i], a);
    }
    return (a + b) + (c + d);
  }
}
