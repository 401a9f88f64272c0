package dev.troupe.learner.control;

import dev.troupe.learner.LearnerMetrics;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Figures of a batch that don't depend on the policy being learned. */
final class BatchReport {
  private BatchReport() {}

  /**
   * Puts policy lags, and returns and lengths of the episodes that ended.
   *
   * @param updates that the learner's weights contain before this batch
   */
  static void put(Batch batch, long updates, Map<String, Double> metrics) {
    List<JudgedTrajectory> all =
        batch.groups().stream().flatMap(group -> group.trajectories().stream()).toList();
    double[] lags =
        all.stream()
            .mapToDouble(each -> updates - each.trajectory().behaviour().update())
            .toArray();
    metrics.put(LearnerMetrics.POLICY_LAG_MEAN, Arrays.stream(lags).average().orElse(0));
    metrics.put(LearnerMetrics.POLICY_LAG_MAX, Arrays.stream(lags).max().orElse(0));
    double episodes = 0;
    double returns = 0;
    double lengths = 0;
    for (JudgedTrajectory each : all) {
      if (each.trajectory().body() instanceof EnvironmentFragment fragment) {
        episodes += fragment.episodeReturns().elements();
        returns += Arrays.stream(fragment.episodeReturns().toDoubles()).sum();
        lengths += Arrays.stream(fragment.episodeLengths().toInts()).sum();
      }
    }
    metrics.put(LearnerMetrics.EPISODES, episodes);
    if (episodes > 0) {
      metrics.put(LearnerMetrics.EPISODE_RETURN_MEAN, returns / episodes);
      metrics.put(LearnerMetrics.EPISODE_LENGTH_MEAN, lengths / episodes);
    }
  }
}
