package dev.troupe.actors.run;

import dev.troupe.actors.reward.ShadowFigures;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RewardSpecification.Trial;
import java.util.Locale;
import java.util.Optional;

/**
 * A verifier that judges beside the one in force, perhaps on trial: what it did and what follows.
 */
final class Shadowing {
  private final VerifierVersion verifier;
  private final Trial trial;
  private ShadowFigures figures = ShadowFigures.NONE;
  private ShadowReport.State state = ShadowReport.State.JUDGING;
  private String words = "";

  /**
   * @param trial with no trajectories: it judges until somebody ends it
   */
  Shadowing(VerifierVersion verifier, Trial trial) {
    this.verifier = verifier;
    this.trial = trial;
  }

  VerifierVersion verifier() {
    return verifier;
  }

  boolean isJudging() {
    return state == ShadowReport.State.JUDGING;
  }

  /** Both judged more; whether it has passed its trial by that. */
  boolean add(ShadowFigures more) {
    if (!isJudging()) {
      return false;
    }
    figures = figures.plus(more);
    if (trial.trajectories() == 0 || figures.compared() < trial.trajectories()) {
      return false;
    }
    Optional<String> refusal = refusal();
    state = refusal.isEmpty() ? ShadowReport.State.TAKEN : ShadowReport.State.REFUSED;
    words =
        refusal.orElseGet(
            () ->
                "it agrees on %s of [%d] trajectories, [%d] have no score of it"
                    .formatted(
                        percent(figures.agreement()),
                        figures.compared(),
                        figures.shadowUnscored()));
    return refusal.isEmpty();
  }

  private Optional<String> refusal() {
    if (figures.shadowFailureRate() > trial.maxFailureRate()) {
      return Optional.of(
          "it gave no score for %s of [%d] trajectories, reward.trial.max-failure-rate allows %s"
              .formatted(
                  percent(figures.shadowFailureRate()),
                  figures.compared(),
                  percent(trial.maxFailureRate())));
    }
    double disagreement = 1 - figures.agreement();
    return disagreement > trial.maxDisagreement()
        ? Optional.of(
            "it differs on %s of [%d] trajectories, reward.trial.max-disagreement allows %s"
                .formatted(
                    percent(disagreement), figures.compared(), percent(trial.maxDisagreement())))
        : Optional.empty();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  void end(String why) {
    if (isJudging()) {
      state = ShadowReport.State.ENDED;
      words = why;
    }
  }

  ShadowReport report() {
    return new ShadowReport(verifier.ref(), trial.trajectories(), figures, state, words);
  }
}
