package dev.troupe.protocol.batch;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.trajectory.Trajectory;
import java.time.Duration;

/** A trajectory with what its verifier said and how long that took. */
public record JudgedTrajectory(
    Trajectory trajectory, VerifierRef verifier, Outcome outcome, Duration verifying) {
  public JudgedTrajectory {
    Check.notNegative("verifying", verifying);
  }
}
