package dev.troupe.learner;

import dev.troupe.learner.advantage.AdvantageEstimator;
import dev.troupe.learner.advantage.Scores;
import dev.troupe.learner.batching.TrainingSequence;
import dev.troupe.learner.update.PolicyRow;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A batch as the learner sees it: sequences in the batch's order, their scores and their lags. */
final class BatchRows {
  private final List<TrainingSequence> sequences = new ArrayList<>();
  private final Scores scores;
  private final double[] scoreValues;
  private final long[] lags;

  /**
   * Reads a batch.
   *
   * @param current update that the learner's weights contain: lag counts from it
   */
  BatchRows(Batch batch, long current) {
    int size = batch.groups().stream().mapToInt(group -> group.trajectories().size()).sum();
    long[] groups = new long[size];
    scoreValues = new double[size];
    lags = new long[size];
    boolean[][] trained = new boolean[size][];
    int next = 0;
    for (BatchGroup group : batch.groups()) {
      for (JudgedTrajectory judged : group.trajectories()) {
        TrainingSequence sequence = sequence(judged.trajectory());
        sequences.add(sequence);
        groups[next] = group.group().number();
        scoreValues[next] = score(judged);
        lags[next] = current - judged.trajectory().behaviour().update();
        trained[next] = sequence.mask();
        next++;
      }
    }
    scores = new Scores(groups, scoreValues, trained);
  }

  private static TrainingSequence sequence(Trajectory trajectory) {
    return switch (trajectory.body()) {
      case Completion completion -> TrainingSequence.of(completion);
      case EnvironmentFragment _ ->
          throw new IllegalArgumentException(
              "trajectory ["
                  + trajectory.id()
                  + "] is a fragment of environment steps; this learner trains on completions");
    };
  }

  private static double score(JudgedTrajectory judged) {
    if (judged.outcome() instanceof Outcome.Scored scored) {
      return scored.value();
    }
    throw new IllegalArgumentException(
        "only scored trajectories are trained on, got ["
            + judged.trajectory().id()
            + "] with "
            + judged.outcome());
  }

  List<PolicyRow> rows(AdvantageEstimator estimator) {
    double[][] advantages = estimator.advantages(scores);
    List<PolicyRow> rows = new ArrayList<>();
    for (int i = 0; i < sequences.size(); i++) {
      rows.add(new PolicyRow(sequences.get(i), advantages[i]));
    }
    return rows;
  }

  int size() {
    return sequences.size();
  }

  long trainedTokens() {
    return sequences.stream().mapToLong(TrainingSequence::trainedTokens).sum();
  }

  long tokens() {
    return sequences.stream().mapToLong(TrainingSequence::length).sum();
  }

  /** Adds what can be said of the data alone. */
  void report(Map<String, Double> metrics) {
    double full = 0;
    double reward = 0;
    double lag = 0;
    long lagMax = 0;
    for (int i = 0; i < scoreValues.length; i++) {
      reward += scoreValues[i];
      full += scoreValues[i] >= 1 ? 1 : 0;
      lag += lags[i];
      lagMax = Math.max(lagMax, lags[i]);
    }
    int n = Math.max(1, scoreValues.length);
    metrics.put(LearnerMetrics.REWARD_MEAN, reward / n);
    metrics.put(LearnerMetrics.FULL_REWARD_SHARE, full / n);
    metrics.put(LearnerMetrics.POLICY_LAG_MEAN, lag / n);
    metrics.put(LearnerMetrics.POLICY_LAG_MAX, (double) lagMax);
    metrics.put(LearnerMetrics.GROUPS_WITHOUT_SIGNAL_SHARE, scores.shareOfGroupsWithoutSignal());
    metrics.put(LearnerMetrics.ANSWER_TOKENS_MEAN, (double) trainedTokens() / n);
  }
}
