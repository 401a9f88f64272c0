package dev.troupe.actors.reward;

import dev.troupe.protocol.outcome.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What two verifiers said of the same trajectories.
 *
 * @param compared trajectories that both judged
 * @param skipped those that there was no room for: nothing waits for a shadow
 * @param agreed equal scores, or none of either
 * @param bothScored trajectories that the following two are sums over
 * @param scoreSum of the one that counts
 * @param shadowScoreSum of the other
 * @param unscored trajectories without a score of the one that counts
 * @param shadowUnscored without one of the other
 * @param examples the first on which they differ
 */
public record ShadowFigures(
    long compared,
    long skipped,
    long agreed,
    long bothScored,
    double scoreSum,
    double shadowScoreSum,
    long unscored,
    long shadowUnscored,
    List<Disagreement> examples) {
  public static final ShadowFigures NONE = new ShadowFigures(0, 0, 0, 0, 0, 0, 0, 0, List.of());

  /** Most examples that are kept, of those that differ. */
  private static final int EXAMPLES_MAX = 8;

  private static final double SAME = 1e-9;

  public ShadowFigures {
    examples = List.copyOf(examples);
  }

  /** Of a trajectory that the shadow had no room for. */
  static ShadowFigures skip() {
    return new ShadowFigures(0, 1, 0, 0, 0, 0, 0, 0, List.of());
  }

  /** Of one trajectory. */
  static ShadowFigures of(Outcome outcome, Outcome shadow, Disagreement example) {
    Optional<Double> score = score(outcome);
    Optional<Double> other = score(shadow);
    boolean both = score.isPresent() && other.isPresent();
    boolean agree =
        both ? Math.abs(score.get() - other.get()) <= SAME : score.isEmpty() && other.isEmpty();
    return new ShadowFigures(
        1,
        0,
        agree ? 1 : 0,
        both ? 1 : 0,
        both ? score.get() : 0,
        both ? other.get() : 0,
        score.isEmpty() ? 1 : 0,
        other.isEmpty() ? 1 : 0,
        agree ? List.of() : List.of(example));
  }

  private static Optional<Double> score(Outcome outcome) {
    return outcome instanceof Outcome.Scored scored
        ? Optional.of(scored.value())
        : Optional.empty();
  }

  public ShadowFigures plus(ShadowFigures other) {
    List<Disagreement> both =
        Stream.concat(examples.stream(), other.examples.stream())
            .distinct()
            .limit(EXAMPLES_MAX)
            .toList();
    return new ShadowFigures(
        compared + other.compared,
        skipped + other.skipped,
        agreed + other.agreed,
        bothScored + other.bothScored,
        scoreSum + other.scoreSum,
        shadowScoreSum + other.shadowScoreSum,
        unscored + other.unscored,
        shadowUnscored + other.shadowUnscored,
        both);
  }

  /** Share of trajectories on which they agree; 1 before the first. */
  public double agreement() {
    return compared == 0 ? 1 : (double) agreed / compared;
  }

  /** Share of trajectories without a score of the shadow; 0 before the first. */
  public double shadowFailureRate() {
    return compared == 0 ? 0 : (double) shadowUnscored / compared;
  }

  /** Mean score of the one that counts, where both have one; NaN before the first. */
  public double scoreMean() {
    return scoreSum / bothScored;
  }

  /** Likewise, of the other. */
  public double shadowScoreMean() {
    return shadowScoreSum / bothScored;
  }
}
