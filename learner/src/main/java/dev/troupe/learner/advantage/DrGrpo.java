package dev.troupe.learner.advantage;

/**
 * GRPO without the division by the deviation, which favours tasks that are nearly always or nearly
 * never solved (Dr. GRPO, arXiv 2503.20783).
 *
 * <pre>
 *   Aᵢ = sᵢ − mean_g
 * </pre>
 *
 * <p>sᵢ: score of sequence i; mean_g: mean of its group. A group of one keeps its score, as in
 * verl. The paper's other half, a constant length in the loss, is an aggregation of its own.
 */
final class DrGrpo implements AdvantageEstimator {
  @Override
  public double[][] advantages(Scores scores) {
    var moments = scores.moments();
    double[] advantages = new double[scores.size()];
    for (int b = 0; b < advantages.length; b++) {
      GroupMoments group = moments.getOrDefault(scores.group(b), new GroupMoments());
      double score = scores.score(b);
      if (group.count() == 1) {
        advantages[b] = score;
      } else if (!group.uniform()) {
        advantages[b] = score - group.mean();
      }
    }
    return scores.spread(advantages);
  }
}
