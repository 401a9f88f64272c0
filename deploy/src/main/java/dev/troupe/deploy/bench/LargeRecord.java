package dev.troupe.deploy.bench;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A trajectory of a wanted size. */
final class LargeRecord {
  /** A token, its two log-probabilities and its letter. */
  private static final int TOKEN_BYTES = 13;

  private LargeRecord() {}

  static JudgedTrajectory ofBytes(int bytes) {
    int tokens = bytes / TOKEN_BYTES;
    float[] logProbs = new float[tokens];
    Arrays.fill(logProbs, -0.5f);
    Segment answer =
        new Segment(
            Segment.Kind.ANSWER,
            "a".repeat(tokens),
            IntArray.of(new int[tokens]),
            true,
            FloatArray.of(logProbs),
            FloatArray.of(logProbs));
    Trajectory trajectory =
        new Trajectory(
            new TrajectoryId(0, 0),
            new LeaseId(1, 1),
            1,
            List.of(new VersionSpan(0, new PolicyVersion(1, 0, 0, "0".repeat(64)))),
            new TrajectoryBody.Completion(List.of(answer), TrajectoryBody.FinishReason.LENGTH));
    return new JudgedTrajectory(
        trajectory,
        new VerifierRef("exact", "1", "0".repeat(64)),
        new Outcome.Scored(1),
        Duration.ofMillis(1));
  }
}
