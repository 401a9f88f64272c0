package dev.troupe.deploy.page;

import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.deploy.metrics.Exposition;
import dev.troupe.deploy.watch.Judges;
import dev.troupe.deploy.watch.RunView;
import dev.troupe.protocol.ledger.DropReason;
import java.time.Duration;
import java.util.Locale;

/** A run's figures for Prometheus. */
public final class RunFamilies {
  private RunFamilies() {}

  /** Adds those of {@code view}, labelled with the run's name. */
  public static void add(Exposition to, RunView view) {
    String run = view.name();
    to.gauge(
        "troupe_step", "Optimizer updates, supervised ones included.", view.step(), "run", run);
    to.gauge("troupe_update", "Updates of reinforcement learning.", view.update(), "run", run);
    to.gauge("troupe_loss", "Of the latest update.", view.loss(), "run", run);
    to.gauge("troupe_reward_mean", "Of the latest update's samples.", view.reward(), "run", run);
    to.gauge("troupe_accuracy", "Of the latest evaluation.", view.accuracy(), "run", run);
    to.gauge(
        "troupe_policy_lag_mean", "Of the latest batch, in updates.", view.lagMean(), "run", run);
    to.gauge(
        "troupe_policy_lag_max", "Of the latest batch, in updates.", view.lagMax(), "run", run);
    to.gauge(
        "troupe_sampling_error",
        "Of the latest update's buffer, where one is kept.",
        view.samplingError(),
        "run",
        run);
    to.gauge(
        "troupe_sampling_tokens_per_second",
        "Over the last seconds.",
        view.rates().samplingTokensPerSecond(),
        "run",
        run);
    to.gauge(
        "troupe_learning_tokens_per_second",
        "Over the last seconds.",
        view.update() == 0
            ? view.supervisedTokensPerSecond()
            : view.rates().learningTokensPerSecond(),
        "run",
        run);
    to.gauge(
        "troupe_sampling_idle_share",
        "Share of the last seconds in which samplers had nothing to do.",
        view.rates().samplingIdleShare(),
        "run",
        run);
    to.gauge(
        "troupe_learning_idle_share",
        "Share of the last seconds in which the learner had nothing to do.",
        view.rates().learningIdleShare(),
        "run",
        run);
    to.gauge(
        "troupe_stalled", "1 while nothing moves.", view.stall().isPresent() ? 1 : 0, "run", run);
    to.gauge(
        "troupe_stall_seconds",
        "How long the stalled actor has waited; 0 while the run moves.",
        view.stall().map(stall -> stall.since()).orElse(Duration.ZERO).toMillis() / 1000.0,
        "run",
        run);
    to.counter("troupe_restarts_total", "Actors begun anew.", view.restarts(), "run", run);
    judges(to, run, view.judges());
    ledger(to, run, view.ledger());
  }

  private static void judges(Exposition to, String run, Judges judges) {
    to.counter(
        "troupe_reward_swaps_total",
        "Times that the verifier was swapped.",
        judges.swaps(),
        "run",
        run);
    for (Judges.Verifier verifier : judges.verifiers()) {
      String[] labels = {"run", run, "verifier", verifier.name()};
      to.gauge(
          "troupe_reward_in_force",
          "1 for the verifier of groups that begin, 0 for others.",
          verifier.state() == Judges.State.IN_FORCE ? 1 : 0,
          labels);
      to.counter("troupe_reward_verdicts_total", "Of training.", verifier.judged(), labels);
      to.counter(
          "troupe_reward_unscored_total",
          "Verdicts that were not a score.",
          verifier.unscored(),
          labels);
      if (verifier.judged() > verifier.unscored()) {
        verdictSeconds(to, run, verifier, "0.5", verifier.median());
        verdictSeconds(to, run, verifier, "0.95", verifier.slow());
        to.gauge("troupe_reward_score_mean", "Of all its scores.", verifier.rewardMean(), labels);
      }
    }
    judges.shadow().ifPresent(shadow -> shadow(to, run, shadow));
  }

  private static void verdictSeconds(
      Exposition to, String run, Judges.Verifier verifier, String quantile, double seconds) {
    to.gauge(
        "troupe_reward_verdict_seconds",
        "What this share of a verifier's latest verdicts took at the most.",
        seconds,
        "run",
        run,
        "verifier",
        verifier.name(),
        "quantile",
        quantile);
  }

  private static void shadow(Exposition to, String run, Judges.Shadow shadow) {
    String[] labels = {"run", run, "verifier", shadow.name()};
    to.counter(
        "troupe_reward_shadow_compared_total",
        "Trajectories that the shadow judged beside the verifier in force.",
        shadow.compared(),
        labels);
    to.counter(
        "troupe_reward_shadow_skipped_total",
        "Trajectories that the shadow had no room for.",
        shadow.skipped(),
        labels);
    to.counter(
        "troupe_reward_shadow_unscored_total",
        "Its verdicts that were not a score.",
        shadow.shadowUnscored(),
        labels);
    to.gauge(
        "troupe_reward_shadow_agreement",
        "Share on which it says what the verifier in force says.",
        shadow.agreement(),
        labels);
    if (!Double.isNaN(shadow.shadowScoreMean())) {
      to.gauge(
          "troupe_reward_shadow_score_mean",
          "Where both have a score.",
          shadow.shadowScoreMean(),
          labels);
      to.gauge(
          "troupe_reward_shadowed_score_mean",
          "Of the verifier in force, on the same trajectories.",
          shadow.scoreMean(),
          labels);
    }
  }

  private static void ledger(Exposition to, String run, LedgerTotals ledger) {
    state(to, run, "leased", ledger.leased());
    state(to, run, "recorded", ledger.recorded());
    state(to, run, "batched", ledger.batched());
    state(to, run, "consumed", ledger.consumed());
    // All of them, so that a rate is there from the first drop on.
    for (DropReason reason : DropReason.values()) {
      state(
          to,
          run,
          "dropped-" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          ledger.dropped().getOrDefault(reason, 0L));
    }
    to.counter(
        "troupe_trajectories_granted_total",
        "The sum of all states, by the conservation law.",
        ledger.granted(),
        "run",
        run);
    to.counter(
        "troupe_trajectories_duplicates_total",
        "Late copies that were refused.",
        ledger.duplicates(),
        "run",
        run);
  }

  private static void state(Exposition to, String run, String state, long count) {
    to.gauge("troupe_trajectories", "By state in the ledger.", count, "run", run, "state", state);
  }
}
