package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;
import java.time.Duration;
import java.util.Map;

/**
 * The environments that a run plays in, and how what happens there is cut into fragments.
 *
 * @param id of the environment, for example {@code CartPole-v1}, or a class's full name
 * @param options of the environment and its wrappers, by name
 * @param count environments that step together in one sampler: N
 * @param steps of each environment in a fragment: T
 * @param autoreset what follows the end of an episode
 * @param stepLimit time after which a step counts as hung
 */
public record EnvironmentSpecification(
    String id,
    Map<String, String> options,
    int count,
    int steps,
    Autoreset autoreset,
    Duration stepLimit) {
  public EnvironmentSpecification {
    options = Map.copyOf(options);
    Check.notBlank("id", id);
    Check.atLeast("count", 1, count);
    Check.atLeast("steps", 1, steps);
    Check.that(
        (long) count * steps <= Integer.MAX_VALUE / 64,
        "steps",
        "few enough for a fragment of at most 2^25 rows with " + count + " environments",
        steps);
    Check.positive("stepLimit", stepLimit);
  }

  /** What follows the end of an episode. */
  public enum Autoreset {
    /** The next episode's first observation takes the place of the last one. */
    SAME_STEP,
    /** The next step only resets; its row is masked out. */
    NEXT_STEP
  }

  /** Rows of a fragment. */
  public int fragmentSteps() {
    return count * steps;
  }
}
