package dev.troupe.actors.run;

import dev.troupe.actors.ledger.Samples;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.util.List;
import java.util.stream.DoubleStream;

/** Judged answers of which only the score matters. */
final class Verdicts {
  private Verdicts() {}

  static List<JudgedTrajectory> of(double... scores) {
    Trajectory trajectory =
        new Trajectory(
            new TrajectoryId(1, 0),
            new LeaseId(1, 1),
            1,
            List.of(new VersionSpan(0, Samples.version(1, 4))),
            Samples.body(1));
    return DoubleStream.of(scores)
        .mapToObj(score -> Samples.judged(trajectory, new Outcome.Scored(score)))
        .toList();
  }
}
