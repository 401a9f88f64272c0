package dev.troupe.rollout.environment.props;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;

/**
 * Two choices between two: the best of the four leaves lies beside the worst, so that who samples
 * too few sees the other side as the better one. The node is shown one-hot.
 *
 * <p>Option: {@code rewards} of the leaves (left-left, left-right, right-left, right-right).
 */
final class TwoStep implements Environment {
  private static final Space OBSERVATIONS = Space.box(0, 1, 3);
  private static final Space ACTIONS = Space.discrete("left", "right");

  private final double[] rewards;

  /** 0 is the root, 1 and 2 its children. */
  private int node;

  TwoStep(EnvironmentOptions options) {
    rewards = options.numbers("rewards", 2, 0.5, 1, 1);
    if (rewards.length != 4) {
      throw options.wrong("rewards", "4 numbers", Integer.toString(rewards.length));
    }
  }

  @Override
  public Space observationSpace() {
    return OBSERVATIONS;
  }

  @Override
  public Space actionSpace() {
    return ACTIONS;
  }

  @Override
  public void reset(Pcg64 random, Transition first) {
    node = 0;
    OneHot.write(node, first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    if (node == 0) {
      node = 1 + action.choice();
      OneHot.write(node, next);
      return 0;
    }
    OneHot.write(node, next);
    next.terminate();
    return rewards[2 * (node - 1) + action.choice()];
  }

  @Override
  public Object state() {
    return node;
  }

  @Override
  public void restore(Object state) {
    node = (Integer) state;
  }
}
