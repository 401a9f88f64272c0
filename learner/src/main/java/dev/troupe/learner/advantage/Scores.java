package dev.troupe.learner.advantage;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Scores of B sequences, the group of each, and which of their tokens are trained. Advantages are
 * always computed over a whole batch, before it is split, so that splitting changes nothing.
 */
public final class Scores {
  private final long[] groups;
  private final double[] scores;
  private final boolean[][] trained;

  /**
   * Copies nothing; the arrays must not change afterwards.
   *
   * @param groups [B] sequences with equal numbers are compared with each other
   * @param scores [B] finite
   * @param trained [B][T_i] whether the loss covers the token
   */
  public Scores(long[] groups, double[] scores, boolean[][] trained) {
    if (groups.length != scores.length || groups.length != trained.length) {
      throw new IllegalArgumentException(
          "groups, scores and masks must be equally many, got ["
              + groups.length
              + "], ["
              + scores.length
              + "], ["
              + trained.length
              + "]");
    }
    for (int b = 0; b < scores.length; b++) {
      if (!Double.isFinite(scores[b])) {
        throw new IllegalArgumentException(
            "score of sequence [" + b + "] must be finite, got [" + scores[b] + "]");
      }
    }
    this.groups = groups;
    this.scores = scores;
    this.trained = trained;
  }

  /** Sequences. */
  public int size() {
    return scores.length;
  }

  double score(int sequence) {
    return scores[sequence];
  }

  long group(int sequence) {
    return groups[sequence];
  }

  int length(int sequence) {
    return trained[sequence].length;
  }

  boolean trained(int sequence, int token) {
    return trained[sequence][token];
  }

  /** Statistics of each group, by its number. */
  Map<Long, GroupMoments> moments() {
    Map<Long, GroupMoments> moments = new LinkedHashMap<>();
    for (int b = 0; b < size(); b++) {
      moments.computeIfAbsent(groups[b], _ -> new GroupMoments()).add(scores[b]);
    }
    return moments;
  }

  /** Share of groups whose scores are all equal: they teach nothing. */
  public double shareOfGroupsWithoutSignal() {
    Map<Long, GroupMoments> moments = moments();
    if (moments.isEmpty()) {
      return 0;
    }
    long without = moments.values().stream().filter(GroupMoments::uniform).count();
    return (double) without / moments.size();
  }

  /** Copies the number of each sequence to its trained tokens. */
  double[][] spread(double[] bySequence) {
    double[][] tokens = new double[size()][];
    for (int b = 0; b < size(); b++) {
      tokens[b] = new double[length(b)];
      for (int t = 0; t < tokens[b].length; t++) {
        tokens[b][t] = trained[b][t] ? bySequence[b] : 0;
      }
    }
    return tokens;
  }
}
