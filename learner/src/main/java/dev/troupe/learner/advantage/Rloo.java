package dev.troupe.learner.advantage;

/**
 * REINFORCE with a leave-one-out baseline (arXiv 2402.14740).
 *
 * <pre>
 *   Aᵢ = sᵢ − 1/(n−1) Σ_{j≠i} sⱼ = n/(n−1) · (sᵢ − mean_g)
 * </pre>
 *
 * <p>sᵢ: score of sequence i; n, mean_g: size and mean of its group. A group of one has nobody to
 * be compared with and keeps its score.
 */
final class Rloo implements AdvantageEstimator {
  @Override
  public double[][] advantages(Scores scores) {
    var moments = scores.moments();
    double[] advantages = new double[scores.size()];
    for (int b = 0; b < advantages.length; b++) {
      GroupMoments group = moments.getOrDefault(scores.group(b), new GroupMoments());
      double score = scores.score(b);
      int n = group.count();
      if (n == 1) {
        advantages[b] = score;
      } else if (!group.uniform()) {
        advantages[b] = n * (score - group.mean()) / (n - 1);
      }
    }
    return scores.spread(advantages);
  }
}
