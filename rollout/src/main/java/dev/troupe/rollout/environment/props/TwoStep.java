package dev.troupe.rollout.environment.props;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Shape.Align;
import dev.troupe.rollout.picture.Sketch;
import dev.troupe.rollout.picture.Tint;
import dev.troupe.rollout.random.Pcg64;

/**
 * Two choices between two: the best of the four leaves lies beside the worst, so that who samples
 * too few sees the other side as the better one. The node is shown one-hot.
 *
 * <p>Option: {@code rewards} of the leaves (left-left, left-right, right-left, right-right).
 */
final class TwoStep implements Environment, Drawable {
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

  /** The tree with the rewards below its leaves; where it stands is a filled disc. */
  @Override
  public Picture picture() {
    double[] x = {160, 80, 240};
    double[] y = {30, 90, 90};
    var sketch = new Sketch(320, 190);
    for (int child = 1; child <= 2; child++) {
      sketch.line(x[0], y[0], x[child], y[child], 2, Tint.FAINT);
      for (int side = 0; side < 2; side++) {
        int leaf = 2 * (child - 1) + side;
        double at = 40 + 80 * leaf;
        sketch.line(x[child], y[child], at, 145, 2, Tint.FAINT);
        sketch.label(at, 168, 16, Double.toString(rewards[leaf]), Align.CENTRE, Tint.INK);
      }
    }
    for (int each = 0; each < x.length; each++) {
      sketch.disc(x[each], y[each], each == node ? 12 : 7, each == node ? Tint.ORANGE : Tint.FAINT);
    }
    return sketch.picture();
  }

  @Override
  public double stepsPerSecond() {
    return 1;
  }
}
