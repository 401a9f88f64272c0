package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * When a run ends, whichever comes first; zero means no such limit.
 *
 * @param updates of reinforcement learning
 * @param trajectories consumed
 * @param wallTime since the start, pauses and earlier processes included
 * @param accuracy of an evaluation
 * @param evaluationsWithoutImprovement in a row
 * @param meanReturn of the last 100 episodes that were trained on
 */
public record StopSpecification(
    long updates,
    long trajectories,
    Duration wallTime,
    double accuracy,
    int evaluationsWithoutImprovement,
    OptionalDouble meanReturn) {
  public StopSpecification {
    Check.atLeast("updates", 0, updates);
    Check.atLeast("trajectories", 0, trajectories);
    Check.notNegative("wallTime", wallTime);
    Check.within("accuracy", 0, 1, accuracy);
    Check.atLeast("evaluationsWithoutImprovement", 0, evaluationsWithoutImprovement);
    Check.that(
        meanReturn.isEmpty() || Double.isFinite(meanReturn.getAsDouble()),
        "meanReturn",
        "a finite number or none",
        meanReturn);
  }

  /** Of a run with a language model. */
  public StopSpecification(
      long updates,
      long trajectories,
      Duration wallTime,
      double accuracy,
      int evaluationsWithoutImprovement) {
    this(
        updates,
        trajectories,
        wallTime,
        accuracy,
        evaluationsWithoutImprovement,
        OptionalDouble.empty());
  }
}
