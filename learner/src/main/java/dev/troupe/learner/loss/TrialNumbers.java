package dev.troupe.learner.loss;

/** Made-up arguments of a loss: harmless, and none of them equal by chance. */
final class TrialNumbers {
  private TrialNumbers() {}

  /** [8, rows, answers] in the order of the arguments; row r has answers - 2r trained tokens. */
  static float[] of(int rows, int answers) {
    int size = rows * answers;
    float[] values = new float[8 * size];
    int trained = 0;
    for (int row = 0; row < rows; row++) {
      trained += trainedTokens(row, answers);
    }
    for (int row = 0; row < rows; row++) {
      for (int token = 0; token < trainedTokens(row, answers); token++) {
        int at = row * answers + token;
        float logProb = -0.2f - 0.11f * (at % 16);
        values[at] = logProb;
        values[size + at] = logProb - 0.03f;
        values[2 * size + at] = logProb + 0.02f;
        values[3 * size + at] = logProb - 0.07f;
        values[4 * size + at] = 0.4f + 0.05f * (at % 16);
        values[5 * size + at] = row % 2 == 0 ? 0.9f : -0.6f;
        values[6 * size + at] = 1;
        values[7 * size + at] = 1f / trained;
      }
    }
    return values;
  }

  private static int trainedTokens(int row, int answers) {
    return Math.max(1, answers - 2 * row);
  }
}
