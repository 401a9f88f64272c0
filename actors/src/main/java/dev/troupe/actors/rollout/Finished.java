package dev.troupe.actors.rollout;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.trajectory.Trajectory;
import java.util.Optional;

/**
 * A trajectory that an engine has finished.
 *
 * @param outcome where the reward came with the steps; else a reward actor judges
 */
public record Finished(Trajectory trajectory, Optional<Outcome> outcome) {
  /** For a reward actor to judge. */
  public static Finished unjudged(Trajectory trajectory) {
    return new Finished(trajectory, Optional.empty());
  }
}
