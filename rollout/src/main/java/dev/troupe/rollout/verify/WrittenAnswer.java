package dev.troupe.rollout.verify;

import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.util.List;

/** Answers that no policy of ours wrote, as trajectories: what verifiers are tried on. */
public final class WrittenAnswer {
  private WrittenAnswer() {}

  /**
   * An answer that is finished.
   *
   * @param number of the task
   * @param tokens of the answer
   */
  public static Trajectory of(long number, String prompt, String answer, IntArray tokens) {
    FloatArray logProbs = FloatArray.of(new float[tokens.size()]);
    return new Trajectory(
        new TrajectoryId(number, 0),
        new LeaseId(1, number),
        1,
        List.of(new VersionSpan(0, new PolicyVersion(0, 0, 0, "none"))),
        new TrajectoryBody.Completion(
            List.of(
                new Segment(
                    Segment.Kind.PROMPT,
                    prompt,
                    IntArray.empty(),
                    false,
                    FloatArray.empty(),
                    FloatArray.empty()),
                new Segment(Segment.Kind.ANSWER, answer, tokens, true, logProbs, logProbs)),
            FinishReason.END_TOKEN));
  }
}
