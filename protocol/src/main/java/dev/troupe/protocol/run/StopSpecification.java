package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;
import java.time.Duration;

/**
 * When a run ends, whichever comes first; zero means no such limit.
 *
 * @param updates of reinforcement learning
 * @param trajectories consumed
 * @param wallTime since the start, pauses and earlier processes included
 * @param accuracy of an evaluation
 * @param evaluationsWithoutImprovement in a row
 */
public record StopSpecification(
    long updates,
    long trajectories,
    Duration wallTime,
    double accuracy,
    int evaluationsWithoutImprovement) {
  public StopSpecification {
    Check.atLeast("updates", 0, updates);
    Check.atLeast("trajectories", 0, trajectories);
    Check.notNegative("wallTime", wallTime);
    Check.within("accuracy", 0, 1, accuracy);
    Check.atLeast("evaluationsWithoutImprovement", 0, evaluationsWithoutImprovement);
  }
}
