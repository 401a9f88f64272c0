package dev.troupe.rollout.environment.wrapper;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;

/** Rewards times a factor, then clipped. */
final class ScaleReward extends Wrapper {
  private final double factor;
  private final double least;
  private final double most;

  ScaleReward(Environment inner, double factor, double least, double most) {
    super(inner);
    this.factor = factor;
    this.least = least;
    this.most = most;
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    double reward = inner().step(action, random, next) * factor;
    // NaN passes, so that it is seen where rewards are checked.
    return Math.min(Math.max(reward, least), most);
  }
}
