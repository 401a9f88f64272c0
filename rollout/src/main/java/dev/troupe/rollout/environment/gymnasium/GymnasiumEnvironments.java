package dev.troupe.rollout.environment.gymnasium;

import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.EnvironmentKind;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.python.Python;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Any environment that a Python with the package gymnasium can make, by the id {@code gym:NAME}.
 *
 * <p>Options of Troupe's: {@code python} (an interpreter), {@code workers} (processes that share
 * the lanes of a vector), {@code limit-seconds} (of an answer), {@code flatten} (composed
 * observations as one box). All others go to the environment's constructor, with underscores.
 */
public final class GymnasiumEnvironments {
  /** What ids begin with. */
  public static final String PREFIX = "gym:";

  private GymnasiumEnvironments() {}

  /**
   * The kind that a name with {@link #PREFIX} names, for one set of options.
   *
   * @param others options that aren't the constructor's
   * @param variables of this process, which lead to Python and go to it
   */
  public static EnvironmentKind kind(
      String name, Set<String> others, Map<String, String> variables) {
    String id = name.substring(PREFIX.length());
    var blueprint = new AtomicReference<Blueprint>();
    return new EnvironmentKind(
        name,
        "an environment of Gymnasium's",
        0,
        options -> {
          Blueprint read = read(id, others, variables, options);
          return new GymnasiumEnvironment(
              blueprint.updateAndGet(made -> made == null ? read : made));
        });
  }

  private static Blueprint read(
      String id, Set<String> others, Map<String, String> variables, EnvironmentOptions options) {
    Python python =
        options.has("python")
            ? Python.named(options.text("python", ""), "option python")
            : Python.find(variables)
                .orElseThrow(
                    () ->
                        new BadEnvironmentException(
                            "[gym:"
                                + id
                                + "] needs a Python with the package gymnasium, and there is no"
                                + " python3 on the path: name one in "
                                + Python.VARIABLE
                                + " or in the option [python]"));
    int workers = options.integer("workers", 1, 1, 1024);
    double seconds = options.number("limit-seconds", 60, 0.001, 86_400);
    boolean flatten = options.truth("flatten", false);
    var arguments = new TreeMap<String, String>();
    options.others(others).forEach((name, value) -> arguments.put(name.replace('-', '_'), value));
    return new Blueprint(
        id,
        arguments,
        flatten,
        python,
        variables,
        workers,
        Duration.ofMillis(Math.round(seconds * 1000)));
  }
}
