package dev.troupe.deploy.page;

import dev.troupe.deploy.watch.RunView;
import java.util.Locale;
import java.util.OptionalDouble;

/** A run's figures in Prometheus' text format. */
final class PrometheusText {
  private final StringBuilder text = new StringBuilder();
  private final String run;

  private PrometheusText(String run) {
    this.run = run;
  }

  static String of(RunView view) {
    PrometheusText text = new PrometheusText(view.name());
    text.gauge("troupe_step", "optimizer updates, supervised ones included", (double) view.step());
    text.gauge("troupe_update", "updates of reinforcement learning", (double) view.update());
    text.gauge("troupe_loss", "of the latest update", view.loss());
    text.gauge("troupe_reward_mean", "of the latest update's samples", view.reward());
    text.gauge("troupe_accuracy", "of the latest evaluation", view.accuracy());
    text.gauge("troupe_policy_lag_mean", "of the latest batch, in updates", view.lagMean());
    text.gauge("troupe_sampling_tokens_per_second", "", view.rates().samplingTokensPerSecond());
    text.gauge("troupe_learning_tokens_per_second", "", view.rates().learningTokensPerSecond());
    text.gauge("troupe_sampling_idle_share", "", view.rates().samplingIdleShare());
    text.gauge("troupe_learning_idle_share", "", view.rates().learningIdleShare());
    text.gauge("troupe_stalled", "1 while nothing moves", view.stall().isPresent() ? 1 : 0);
    text.ledger(view);
    return text.text.toString();
  }

  private void ledger(RunView view) {
    text.append("# HELP troupe_trajectories by state in the ledger\n");
    text.append("# TYPE troupe_trajectories gauge\n");
    state("leased", view.ledger().leased());
    state("recorded", view.ledger().recorded());
    state("batched", view.ledger().batched());
    state("consumed", view.ledger().consumed());
    view.ledger()
        .dropped()
        .forEach(
            (reason, count) -> state("dropped-" + reason.name().toLowerCase(Locale.ROOT), count));
    text.append("# TYPE troupe_trajectories_granted_total counter\n");
    line("troupe_trajectories_granted_total", "", (double) view.ledger().granted());
  }

  private void state(String state, long count) {
    line("troupe_trajectories", ",state=\"" + state.replace('_', '-') + "\"", (double) count);
  }

  private void gauge(String name, String help, OptionalDouble number) {
    number.ifPresent(value -> gauge(name, help, value));
  }

  private void gauge(String name, String help, double number) {
    if (!help.isEmpty()) {
      text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    }
    text.append("# TYPE ").append(name).append(" gauge\n");
    line(name, "", number);
  }

  private void line(String name, String labels, double number) {
    String escaped = run.replace("\\", "\\\\").replace("\"", "\\\"");
    text.append(name)
        .append("{run=\"")
        .append(escaped)
        .append('"')
        .append(labels)
        .append("} ")
        .append(number)
        .append('\n');
  }
}
