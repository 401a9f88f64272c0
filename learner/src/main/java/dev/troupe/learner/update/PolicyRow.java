package dev.troupe.learner.update;

import dev.troupe.learner.batching.TrainingSequence;

/** A sequence with what its tokens' loss needs; arrays are [T] and read at trained tokens only. */
public final class PolicyRow {
  private final TrainingSequence sequence;
  private final double[] advantages;
  private final float[] old;
  private final float[] reference;

  /** Log-probabilities under π_old and π_ref stay zero until they are computed. */
  public PolicyRow(TrainingSequence sequence, double[] advantages) {
    this.sequence = sequence;
    this.advantages = advantages;
    this.old = new float[sequence.length()];
    this.reference = new float[sequence.length()];
  }

  public TrainingSequence sequence() {
    return sequence;
  }

  double advantage(int place) {
    return advantages[place];
  }

  /**
   * Whether any trained token has an advantage: only a penalty or bonus moves those that have none.
   */
  boolean hasAdvantage() {
    for (int place = 0; place < advantages.length; place++) {
      if (sequence.trained(place) && advantages[place] != 0) {
        return true;
      }
    }
    return false;
  }

  float old(int place) {
    return old[place];
  }

  void old(int place, float logProb) {
    old[place] = logProb;
  }

  float reference(int place) {
    return reference[place];
  }

  void reference(int place, float logProb) {
    reference[place] = logProb;
  }
}
