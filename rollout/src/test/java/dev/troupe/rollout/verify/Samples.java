package dev.troupe.rollout.verify;

import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.time.Duration;
import java.util.List;

/** A task, answers to it, and a specification. */
final class Samples {
  static final Task TASK =
      new Task(0, "sums", "2 digits, 2 carries", new TaskContent.Prompt("47+85=", "231"));

  private Samples() {}

  static Trajectory answer(String text, FinishReason finish) {
    return new Trajectory(
        new TrajectoryId(0, 0),
        new LeaseId(1, 1),
        1,
        List.of(new VersionSpan(0, new PolicyVersion(1, 0, 0, "00"))),
        new TrajectoryBody.Completion(
            List.of(
                new Segment(
                    Segment.Kind.PROMPT,
                    "47+85=",
                    IntArray.of(1, 2),
                    false,
                    FloatArray.empty(),
                    FloatArray.empty()),
                new Segment(
                    Segment.Kind.ANSWER,
                    text,
                    IntArray.of(3),
                    true,
                    FloatArray.of(-1f),
                    FloatArray.of(-1f))),
            finish));
  }

  static RewardSpecification specification(int workers, int queueMax, Duration delay) {
    return new RewardSpecification(
        "exact",
        "1",
        Duration.ofSeconds(10),
        1,
        workers,
        queueMax,
        3,
        RewardSpecification.OnFailedMember.DROP_GROUP,
        10,
        0.1,
        delay);
  }
}
