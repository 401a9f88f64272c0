package dev.troupe.deploy.watch;

import java.util.OptionalDouble;

/** Counts of samples of one kind. */
final class Tally {
  private long judged;
  private long scored;
  private double sum;
  long dropped;

  void add(OptionalDouble score) {
    judged++;
    if (score.isPresent()) {
      scored++;
      sum += score.getAsDouble();
    }
  }

  long judged() {
    return judged;
  }

  /** Verdicts that were not a score. */
  long unscored() {
    return judged - scored;
  }

  OptionalDouble rewardMean() {
    return scored == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / scored);
  }

  void clear() {
    judged = 0;
    scored = 0;
    sum = 0;
    dropped = 0;
  }

  RunView.Difficulty view() {
    return new RunView.Difficulty(judged, rewardMean().orElse(Double.NaN), dropped);
  }
}
