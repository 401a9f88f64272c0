package dev.troupe.learner.advantage;

/** Mean and deviation of a group's scores, in the order they came. */
final class GroupMoments {
  private double[] scores = new double[8];
  private int count;

  void add(double score) {
    if (count == scores.length) {
      scores = java.util.Arrays.copyOf(scores, 2 * count);
    }
    scores[count++] = score;
  }

  int count() {
    return count;
  }

  double mean() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += scores[i];
    }
    return sum / count;
  }

  /** Sample deviation (n − 1). */
  double deviation() {
    double mean = mean();
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (scores[i] - mean) * (scores[i] - mean);
    }
    return Math.sqrt(sum / (count - 1));
  }

  boolean uniform() {
    for (int i = 1; i < count; i++) {
      if (scores[i] != scores[0]) {
        return false;
      }
    }
    return true;
  }
}
