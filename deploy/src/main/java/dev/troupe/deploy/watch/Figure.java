package dev.troupe.deploy.watch;

import dev.troupe.actors.control.EpisodeMetrics;
import dev.troupe.learner.LearnerMetrics;
import java.util.Map;
import java.util.OptionalDouble;

/** The learner's figures that are shown to people, by their names in its metrics. */
enum Figure {
  LOSS("loss"),
  REWARD("rewardMean"),
  EPISODE_RETURN(EpisodeMetrics.RETURN),
  LAG_MEAN("policyLagMean"),
  LAG_MAX("policyLagMax"),
  SAMPLING_ERROR(LearnerMetrics.SAMPLING_ERROR);

  private final String metric;

  Figure(String metric) {
    this.metric = metric;
  }

  OptionalDouble in(Map<String, Double> metrics) {
    Double number = metrics.get(metric);
    return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
  }
}
