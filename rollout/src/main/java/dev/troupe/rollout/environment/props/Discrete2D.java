package dev.troupe.rollout.environment.props;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Sketch;
import dev.troupe.rollout.picture.Tint;
import dev.troupe.rollout.random.Pcg64;

/**
 * A point in the square [-1, 1]² that moves by a fixed length in one of n directions towards a
 * goal; the reward is minus the distance, and near the goal the episode ends.
 *
 * <p>Of the programs of Corrado and Hanna (2023). The directions run from 0 to 2π with both ends,
 * so that the first and the last are one. Options: {@code directions}, {@code delta}.
 */
final class Discrete2D implements Environment, Drawable {
  private static final double NEAR = 0.05;
  private static final Space OBSERVATIONS =
      Space.box(
          new float[] {-1, -1, -1, -1}, new float[] {1, 1, 1, 1}, "x", "y", "goal x", "goal y");

  private final Space actions;
  private final double[] right;
  private final double[] up;
  private double x;
  private double y;
  private double goalX;
  private double goalY;

  Discrete2D(EnvironmentOptions options) {
    int directions = options.integer("directions", 100, 2, 100_000);
    double delta = options.number("delta", 0.05, 1e-6, 1);
    actions = Space.discrete(directions);
    right = new double[directions];
    up = new double[directions];
    for (int i = 0; i < directions; i++) {
      double angle = 2 * Math.PI * i / (directions - 1);
      right[i] = delta * StrictMath.sin(angle);
      up[i] = delta * StrictMath.cos(angle);
    }
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
    do {
      x = random.uniform(-1, 1);
      y = random.uniform(-1, 1);
      goalX = random.uniform(-1, 1);
      goalY = random.uniform(-1, 1);
    } while (distance() < NEAR);
    observe(first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    int direction = action.choice();
    x = Math.clamp(x + right[direction], -1.0, 1.0);
    y = Math.clamp(y + up[direction], -1.0, 1.0);
    observe(next);
    double distance = distance();
    if (distance < NEAR) {
      next.terminate();
    }
    return -distance;
  }

  private double distance() {
    return Math.sqrt((x - goalX) * (x - goalX) + (y - goalY) * (y - goalY));
  }

  private void observe(Transition to) {
    to.observe(0, x);
    to.observe(1, y);
    to.observe(2, goalX);
    to.observe(3, goalY);
  }

  @Override
  public Object state() {
    return new double[] {x, y, goalX, goalY};
  }

  @Override
  public void restore(Object state) {
    double[] from = (double[]) state;
    x = from[0];
    y = from[1];
    goalX = from[2];
    goalY = from[3];
  }

  @Override
  public Picture picture() {
    double half = 150;
    double middle = half + 10;
    return new Sketch(2 * middle, 2 * middle)
        .box(10, 10, 2 * half, 2 * half, Tint.GRID)
        .box(11, 11, 2 * half - 2, 2 * half - 2, Tint.PAPER)
        .disc(middle + half * goalX, middle - half * goalY, half * NEAR, Tint.GREEN)
        .disc(middle + half * x, middle - half * y, 5, Tint.ORANGE)
        .picture();
  }
}
