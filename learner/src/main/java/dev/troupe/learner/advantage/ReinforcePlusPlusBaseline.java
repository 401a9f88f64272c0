package dev.troupe.learner.advantage;

/**
 * REINFORCE++ with the group's mean as baseline (arXiv 2501.03262, section on reasoning tasks).
 *
 * <pre>
 *   Aᵢ = whiten(sᵢ − mean_g)      over all trained tokens of the batch
 * </pre>
 *
 * <p>sᵢ: score of sequence i; mean_g: mean of its group (0 for a group of one, as in verl).
 * Whitening counts a sequence as often as it has trained tokens.
 */
final class ReinforcePlusPlusBaseline implements AdvantageEstimator {
  private final DrGrpo centred = new DrGrpo();

  @Override
  public double[][] advantages(Scores scores) {
    return Whitening.whiten(scores, centred.advantages(scores));
  }
}
