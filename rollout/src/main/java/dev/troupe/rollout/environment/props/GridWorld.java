package dev.troupe.rollout.environment.props;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.picture.GridSketch;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Tint;
import dev.troupe.rollout.random.Pcg64;

/**
 * A walk from the centre of a grid: the first corner ends it with a small reward, the last corner
 * with a large one, every other step costs a little. The place is shown one-hot.
 *
 * <p>Corrado and Hanna, "On-policy policy gradient reinforcement learning without on-policy
 * sampling" (2023). Options: {@code rows}, {@code columns}, {@code rewards} (step, small, large).
 */
final class GridWorld implements Environment, Drawable {
  private static final int[] DOWN_BY = {-1, 1, 0, 0};
  private static final int[] RIGHT_BY = {0, 0, -1, 1};

  private final int rows;
  private final int columns;
  private final double[] rewards;
  private final Space observations;
  private final Space actions = Space.discrete("up", "down", "left", "right");
  private int place;

  GridWorld(EnvironmentOptions options) {
    rows = options.integer("rows", 5, 2, 1000);
    columns = options.integer("columns", 5, 2, 1000);
    rewards = options.numbers("rewards", -0.01, 0.5, 1);
    if (rewards.length != 3) {
      throw options.wrong(
          "rewards", "3 numbers: step, small, large", Integer.toString(rewards.length));
    }
    observations = Space.box(0, 1, rows * columns);
  }

  @Override
  public Space observationSpace() {
    return observations;
  }

  @Override
  public Space actionSpace() {
    return actions;
  }

  @Override
  public void reset(Pcg64 random, Transition first) {
    place = (rows - 1) / 2 * columns + (columns - 1) / 2;
    OneHot.write(place, first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    int direction = action.choice();
    int row = Math.clamp(place / columns + DOWN_BY[direction], 0, rows - 1);
    int column = Math.clamp(place % columns + RIGHT_BY[direction], 0, columns - 1);
    place = row * columns + column;
    OneHot.write(place, next);
    boolean small = place == 0;
    boolean large = place == rows * columns - 1;
    if (small || large) {
      next.terminate();
    }
    return large ? rewards[2] : small ? rewards[1] : rewards[0];
  }

  @Override
  public Object state() {
    return place;
  }

  @Override
  public void restore(Object state) {
    place = (Integer) state;
  }

  @Override
  public Picture picture() {
    int last = rows * columns - 1;
    return new GridSketch(rows, columns)
        .fill(0, Tint.TEAL)
        .letters(0, Double.toString(rewards[1]), Tint.PAPER)
        .fill(last, Tint.GREEN)
        .letters(last, Double.toString(rewards[2]), Tint.PAPER)
        .disc(place, 0.5, Tint.ORANGE)
        .picture();
  }

  @Override
  public double stepsPerSecond() {
    return 4;
  }
}
