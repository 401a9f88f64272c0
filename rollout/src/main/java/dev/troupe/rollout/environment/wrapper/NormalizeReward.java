package dev.troupe.rollout.environment.wrapper;

import dev.troupe.protocol.check.Check;
import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;

/**
 * Rewards by the running standard deviation of the discounted return, as in Gymnasium: the return
 * starts again where an episode terminates, and goes on where one is truncated.
 */
final class NormalizeReward extends Wrapper {
  private static final double EPSILON = 1e-8;

  private final RunningStatistics statistics = new RunningStatistics(1);
  private final double[] discounted = new double[1];
  private final double discount;

  record Own(RunningStatistics.State statistics, double discounted) {}

  NormalizeReward(Environment inner, double discount) {
    super(inner);
    Check.within("discount", 0, 1, discount);
    this.discount = discount;
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    double reward = inner().step(action, random, next);
    discounted[0] = discounted[0] * discount * (next.terminated() ? 0 : 1) + reward;
    statistics.update(discounted);
    return reward / Math.sqrt(statistics.variance(0) + EPSILON);
  }

  @Override
  Object own() {
    return new Own(statistics.state(), discounted[0]);
  }

  @Override
  void restoreOwn(Object own) {
    var from = (Own) own;
    statistics.restore(from.statistics());
    discounted[0] = from.discounted();
  }
}
