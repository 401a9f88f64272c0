package dev.troupe.rollout.environment.classic;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.random.Pcg64;

/**
 * A car in a valley, too weak to climb the hill without swinging; reward -1 for every step.
 *
 * <p>Moore, "Efficient memory-based learning for robot control" (1990), as Gymnasium's
 * MountainCar-v0 computes it. Options: {@code goal-velocity}, {@code reset-low}, {@code
 * reset-high}.
 */
final class MountainCar implements Environment, Drawable {
  private static final double PLACE_MIN = -1.2;
  private static final double PLACE_MAX = 0.6;
  private static final double SPEED_MAX = 0.07;
  private static final double GOAL = 0.5;
  private static final double FORCE = 0.001;
  private static final double GRAVITY = 0.0025;
  static final Space OBSERVATIONS =
      Space.box(
          new float[] {(float) PLACE_MIN, -(float) SPEED_MAX},
          new float[] {(float) PLACE_MAX, (float) SPEED_MAX},
          "position",
          "velocity");
  private static final Space ACTIONS = Space.discrete("left", "none", "right");

  private final Trigonometry trigonometry = new Trigonometry();
  private final double goalSpeed;
  private final double resetLow;
  private final double resetHigh;
  private double place;
  private double speed;

  MountainCar(EnvironmentOptions options) {
    goalSpeed = options.number("goal-velocity", 0, -1, 1);
    resetLow = options.number("reset-low", -0.6, -1e6, 1e6);
    resetHigh = options.number("reset-high", -0.4, resetLow, 1e6);
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
    place = random.uniform(resetLow, resetHigh);
    speed = 0;
    observe(first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    speed += (action.choice() - 1) * FORCE + trigonometry.cos(3 * place) * -GRAVITY;
    speed = Math.min(Math.max(speed, -SPEED_MAX), SPEED_MAX);
    place += speed;
    place = Math.min(Math.max(place, PLACE_MIN), PLACE_MAX);
    if (place == PLACE_MIN && speed < 0) {
      speed = 0;
    }
    observe(next);
    if (place >= GOAL && speed >= goalSpeed) {
      next.terminate();
    }
    return -1;
  }

  private void observe(Transition to) {
    to.observe(0, place);
    to.observe(1, speed);
  }

  @Override
  public Object state() {
    return new double[] {place, speed};
  }

  @Override
  public void restore(Object state) {
    double[] from = (double[]) state;
    place = from[0];
    speed = from[1];
  }

  @Override
  public Picture picture() {
    return ClassicPictures.mountainCar(place, GOAL);
  }

  @Override
  public double stepsPerSecond() {
    return ClassicPictures.MEDIUM;
  }
}
