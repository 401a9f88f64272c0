package dev.troupe.learner.advantage;

/**
 * Group relative policy optimization (arXiv 2402.03300).
 *
 * <pre>
 *   Aᵢ = (sᵢ − mean_g) / (std_g + 10⁻⁶)
 * </pre>
 *
 * <p>sᵢ: score of sequence i; mean_g, std_g: mean and sample deviation (n − 1) of its group. A
 * group whose scores are equal gets exactly 0. The paper leaves a group of one open: here its mean
 * counts as 0 and its deviation as 1, as in verl.
 */
final class Grpo implements AdvantageEstimator {
  private static final double EPSILON = 1e-6;

  @Override
  public double[][] advantages(Scores scores) {
    var moments = scores.moments();
    double[] advantages = new double[scores.size()];
    for (int b = 0; b < advantages.length; b++) {
      GroupMoments group = moments.getOrDefault(scores.group(b), new GroupMoments());
      double score = scores.score(b);
      if (group.count() == 1) {
        advantages[b] = score / (1 + EPSILON);
      } else if (!group.uniform()) {
        advantages[b] = (score - group.mean()) / (group.deviation() + EPSILON);
      }
    }
    return scores.spread(advantages);
  }
}
