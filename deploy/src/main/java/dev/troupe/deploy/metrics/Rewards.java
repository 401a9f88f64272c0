package dev.troupe.deploy.metrics;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import java.util.Map;

/** Outcomes of the samples judged since they were last asked for. */
final class Rewards {
  private long samples;
  private long scored;
  private double sum;
  private long tokens;
  private double verifyingSeconds;

  void add(JudgedTrajectory sample) {
    samples++;
    tokens += answerTokens(sample.trajectory().body());
    verifyingSeconds += sample.verifying().toNanos() / 1e9;
    switch (sample.outcome()) {
      case Outcome.Scored score -> {
        scored++;
        sum += score.value();
      }
      case Outcome.Invalid _, Outcome.TimedOut _, Outcome.Crashed _ -> {}
    }
  }

  /** Adds the figures to {@code scalars} and begins anew; adds nothing where nothing was judged. */
  void drainTo(Map<String, Double> scalars) {
    if (samples > 0) {
      scalars.put("reward/unscoredShare", 1 - (double) scored / samples);
      scalars.put("reward/tokensMean", (double) tokens / samples);
      scalars.put("reward/verifyingSecondsMean", verifyingSeconds / samples);
    }
    if (scored > 0) {
      scalars.put("reward/mean", sum / scored);
    }
    samples = 0;
    scored = 0;
    sum = 0;
    tokens = 0;
    verifyingSeconds = 0;
  }

  private static int answerTokens(TrajectoryBody body) {
    return switch (body) {
      case TrajectoryBody.Completion completion -> {
        int tokens = 0;
        for (Segment segment : completion.segments()) {
          tokens += segment.kind() == Segment.Kind.ANSWER ? segment.tokens().size() : 0;
        }
        yield tokens;
      }
      case TrajectoryBody.EnvironmentFragment _ -> 0;
    };
  }
}
