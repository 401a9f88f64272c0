package dev.troupe.rollout.environment.wrapper;

import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The options that every environment has: {@code clip-action}, {@code rescale-action}, {@code
 * scale-reward}, {@code clip-reward} (least, most), {@code normalize-reward} with {@code
 * normalize-reward-discount}, {@code one-hot}, {@code normalize-observation}, {@code frame-stack}.
 * They are put around it in this order. The normalising ones keep statistics of one environment;
 * {@link VectorNormalizer} has them over all lanes.
 */
public final class Wrappers {
  /** The names of all of them. */
  public static final Set<String> OPTIONS =
      Set.of(
          "clip-action",
          "rescale-action",
          "scale-reward",
          "clip-reward",
          "normalize-reward",
          "normalize-reward-discount",
          "one-hot",
          "normalize-observation",
          "frame-stack");

  private Wrappers() {}

  /** The same environments with the wrappers that their options ask for. */
  public static Function<EnvironmentOptions, Environment> around(
      Function<EnvironmentOptions, Environment> make) {
    return options -> {
      Environment environment = make.apply(options);
      environment = actions(environment, options);
      environment = rewards(environment, options);
      return observations(environment, options);
    };
  }

  private static Environment actions(Environment inner, EnvironmentOptions options) {
    Environment environment = inner;
    if (options.truth("clip-action", false)) {
      environment = new ClipAction(environment, box(environment, options, "clip-action"));
    }
    if (options.truth("rescale-action", false)) {
      environment = new RescaleAction(environment, bounded(environment, options));
    }
    return environment;
  }

  private static Environment rewards(Environment inner, EnvironmentOptions options) {
    Environment environment = inner;
    double scale = options.number("scale-reward", 1, -1e12, 1e12);
    double[] clip =
        options.numbers("clip-reward", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    if (clip.length != 2 || !(clip[0] <= clip[1])) {
      throw options.wrong("clip-reward", "2 numbers: least, most", options.text("clip-reward", ""));
    }
    if (options.has("scale-reward") || options.has("clip-reward")) {
      environment = new ScaleReward(environment, scale, clip[0], clip[1]);
    }
    double discount = options.number("normalize-reward-discount", 0.99, 0, 1);
    if (options.truth("normalize-reward", false)) {
      environment = new NormalizeReward(environment, discount);
    }
    return environment;
  }

  private static Environment observations(Environment inner, EnvironmentOptions options) {
    Environment environment = inner;
    if (options.truth("one-hot", false)) {
      List<Integer> counts =
          switch (environment.observationSpace()) {
            case Space.Discrete discrete -> List.of(discrete.count());
            case Space.MultiDiscrete many -> many.counts();
            case Space.Box box ->
                throw options.wrong("one-hot", "false for a " + box.describe(), "true");
          };
      environment = new OneHotObservation(environment, counts);
    }
    if (options.truth("normalize-observation", false)) {
      environment = new NormalizeObservation(environment);
    }
    int frames = options.integer("frame-stack", 1, 1, 10_000);
    return frames > 1 ? new FrameStack(environment, frames) : environment;
  }

  private static Space.Box box(Environment environment, EnvironmentOptions options, String option) {
    return switch (environment.actionSpace()) {
      case Space.Box box -> box;
      case Space.Discrete _, Space.MultiDiscrete _ ->
          throw options.wrong(option, "false for " + environment.actionSpace().describe(), "true");
    };
  }

  private static Space.Box bounded(Environment environment, EnvironmentOptions options) {
    Space.Box box = box(environment, options, "rescale-action");
    for (int i = 0; i < box.size(); i++) {
      if (!Float.isFinite(box.low().at(i)) || !Float.isFinite(box.high().at(i))) {
        throw options.wrong("rescale-action", "false for actions without bounds", "true");
      }
    }
    return box;
  }
}
