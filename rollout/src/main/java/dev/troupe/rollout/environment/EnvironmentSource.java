package dev.troupe.rollout.environment;

import java.util.Map;
import java.util.function.Supplier;

/**
 * Where instances of one environment with its options come from.
 *
 * @param id of the environment
 * @param options as given
 * @param timeLimit steps after which an episode is cut off, 0 for no limit
 * @param make makes an instance
 */
public record EnvironmentSource(
    String id, Map<String, String> options, int timeLimit, Supplier<Environment> make) {
  public EnvironmentSource {
    options = Map.copyOf(options);
  }

  /** An environment without a name in the registry: for programs and tests. */
  public static EnvironmentSource of(String id, int timeLimit, Supplier<Environment> make) {
    return new EnvironmentSource(id, Map.of(), timeLimit, make);
  }

  /** Another instance. */
  public Environment create() {
    return make.get();
  }
}
