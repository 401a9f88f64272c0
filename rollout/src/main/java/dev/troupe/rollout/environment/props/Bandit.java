package dev.troupe.rollout.environment.props;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;

/**
 * One choice among arms, each with a mean reward and normal noise. The observation is always 1.
 *
 * <p>Options: {@code arms}, {@code means} (evenly from 0 to 1 by default), {@code noise} (standard
 * deviation).
 */
final class Bandit implements Environment {
  private static final Space OBSERVATIONS = Space.box(1, 1, 1);

  private final Space actions;
  private final double[] means;
  private final double noise;

  Bandit(EnvironmentOptions options) {
    int arms = options.integer("arms", 4, 2, 100_000);
    double[] even = new double[arms];
    for (int i = 0; i < arms; i++) {
      even[i] = (double) i / (arms - 1);
    }
    means = options.numbers("means", even);
    if (options.has("arms") && means.length != arms) {
      throw options.wrong("means", arms + " numbers", Integer.toString(means.length));
    }
    noise = options.number("noise", 0, 0, 1e9);
    actions = Space.discrete(means.length);
  }

  @Override
  public Space observationSpace() {
    return OBSERVATIONS;
  }

  @Override
  public Space actionSpace() {
    return actions;
  }

  @Override
  public void reset(Pcg64 random, Transition first) {
    first.observe(0, 1f);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    next.observe(0, 1f);
    next.terminate();
    double mean = means[action.choice()];
    return noise > 0 ? mean + noise * random.normal() : mean;
  }

  @Override
  public Object state() {
    return 0;
  }

  @Override
  public void restore(Object state) {}
}
