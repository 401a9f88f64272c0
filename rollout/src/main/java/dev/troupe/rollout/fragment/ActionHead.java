package dev.troupe.rollout.fragment;

import dev.troupe.rollout.environment.Actions;
import dev.troupe.rollout.environment.Space;

/** From a network's outputs to actions and their log-probabilities. */
sealed interface ActionHead {
  /** Outputs that the network has for one lane. */
  int width();

  /**
   * Draws the action of a lane and returns its log-probability.
   *
   * @param outputs [N, width]
   * @param greedy the likeliest one instead
   */
  double draw(float[] outputs, int lane, ActionNoise noise, boolean greedy, Actions to);

  /** The head that {@code space} needs. */
  static ActionHead of(Space space, float[] logStd) {
    return switch (space) {
      case Space.Discrete discrete -> new Choices(new int[] {discrete.count()});
      case Space.MultiDiscrete many ->
          new Choices(many.counts().stream().mapToInt(Integer::intValue).toArray());
      case Space.Box box -> new Normals(box.size(), logStd);
    };
  }

  /**
   * Independent choices: softmax over the logits of each component. The choice is the smallest one
   * whose cumulative probability exceeds the uniform.
   */
  final class Choices implements ActionHead {
    private final int[] counts;
    private final int width;
    private final double[] weights;

    Choices(int[] counts) {
      this.counts = counts.clone();
      int sum = 0;
      int most = 0;
      for (int count : counts) {
        sum += count;
        most = Math.max(most, count);
      }
      this.width = sum;
      this.weights = new double[most];
    }

    @Override
    public int width() {
      return width;
    }

    @Override
    public double draw(float[] outputs, int lane, ActionNoise noise, boolean greedy, Actions to) {
      double logProb = 0;
      int offset = lane * width;
      for (int component = 0; component < counts.length; component++) {
        int count = counts[component];
        int best = best(outputs, offset, count);
        double sum = exponentials(outputs, offset, count, outputs[offset + best]);
        int chosen = greedy ? best : chosen(noise.uniform(lane, component) * sum, count);
        to.choices()[lane * counts.length + component] = chosen;
        logProb += outputs[offset + chosen] - outputs[offset + best] - Math.log(sum);
        offset += count;
      }
      return logProb;
    }

    private static int best(float[] outputs, int offset, int count) {
      int best = 0;
      for (int k = 1; k < count; k++) {
        if (outputs[offset + k] > outputs[offset + best]) {
          best = k;
        }
      }
      return best;
    }

    private double exponentials(float[] outputs, int offset, int count, float largest) {
      double sum = 0;
      for (int k = 0; k < count; k++) {
        float below = outputs[offset + k] - largest;
        weights[k] = below == 0 ? 1 : Math.exp(below);
        sum += weights[k];
      }
      return sum;
    }

    private int chosen(double target, int count) {
      double cumulative = 0;
      for (int k = 0; k < count - 1; k++) {
        cumulative += weights[k];
        if (cumulative > target) {
          return k;
        }
      }
      return count - 1;
    }
  }

  /** Independent normals around the outputs, with deviations that don't depend on the state. */
  final class Normals implements ActionHead {
    private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    private final int size;
    private final float[] deviations;
    private final double constant;

    Normals(int size, float[] logStd) {
      if (logStd.length != size) {
        throw new IllegalArgumentException(
            "a logarithm of the deviation is needed for each of ["
                + size
                + "] numbers of an action, got ["
                + logStd.length
                + "]");
      }
      this.size = size;
      this.deviations = new float[size];
      double sum = -size * HALF_LOG_TWO_PI;
      for (int i = 0; i < size; i++) {
        deviations[i] = (float) Math.exp(logStd[i]);
        sum -= logStd[i];
      }
      this.constant = sum;
    }

    @Override
    public int width() {
      return size;
    }

    @Override
    public double draw(float[] outputs, int lane, ActionNoise noise, boolean greedy, Actions to) {
      double squares = 0;
      int offset = lane * size;
      for (int i = 0; i < size; i++) {
        float mean = outputs[offset + i];
        float value = greedy ? mean : mean + deviations[i] * noise.normal(lane, i);
        to.values()[offset + i] = value;
        // Of the value as it was rounded: that is what the learner sees.
        double standard = deviations[i] == 0 ? 0 : ((double) value - mean) / deviations[i];
        squares += standard * standard;
      }
      return constant - 0.5 * squares;
    }
  }
}
