package dev.troupe.actors.ledger;

import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;

/** How long a trajectory is, for reports. */
final class Lengths {
  private Lengths() {}

  /** Tokens that the policy generated, or environment steps of all lanes. */
  static int of(Trajectory trajectory) {
    return switch (trajectory.body()) {
      case TrajectoryBody.Completion completion -> {
        int tokens = 0;
        for (Segment segment : completion.segments()) {
          tokens += segment.kind() == Segment.Kind.ANSWER ? segment.tokens().size() : 0;
        }
        yield tokens;
      }
      case TrajectoryBody.EnvironmentFragment fragment -> {
        long steps = 1;
        for (long extent : fragment.terminated().shape()) {
          steps *= extent;
        }
        yield (int) Math.min(Integer.MAX_VALUE, steps);
      }
    };
  }
}
