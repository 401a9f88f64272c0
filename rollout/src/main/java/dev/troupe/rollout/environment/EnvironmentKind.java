package dev.troupe.rollout.environment;

import dev.troupe.protocol.check.Check;
import java.util.function.Function;

/**
 * A kind of environment that recipes can name.
 *
 * @param id by which it is named
 * @param about a line for people
 * @param timeLimit steps after which an episode is cut off, 0 for no limit
 * @param make makes an instance; called once for each lane
 */
public record EnvironmentKind(
    String id, String about, int timeLimit, Function<EnvironmentOptions, Environment> make) {
  public EnvironmentKind {
    Check.notBlank("id", id);
    Check.atLeast("timeLimit", 0, timeLimit);
  }
}
