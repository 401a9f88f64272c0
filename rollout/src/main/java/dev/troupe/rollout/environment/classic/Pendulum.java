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
 * A pendulum with a weak motor, to be held upright; the cost is the squared angle, with a little
 * for speed and torque.
 *
 * <p>As Gymnasium's Pendulum-v1 computes it: the torque's part in single precision, the rest in
 * double. Options: {@code g}, {@code reset-angle}, {@code reset-speed} (the largest at reset).
 */
final class Pendulum implements Environment, Drawable {
  private static final double SPEED_MAX = 8;
  private static final float TORQUE_MAX = 2;
  private static final double SECONDS = 0.05;
  private static final double TURN = 2 * Math.PI;
  private static final float[] HIGH = {1, 1, (float) SPEED_MAX};
  private static final float[] LOW = {-1, -1, -(float) SPEED_MAX};
  private static final Space OBSERVATIONS = Space.box(LOW, HIGH, "cos", "sin", "speed");
  private static final Space ACTIONS =
      Space.box(new float[] {-TORQUE_MAX}, new float[] {TORQUE_MAX}, "torque");

  private final Trigonometry trigonometry = new Trigonometry();
  private final double gravity;
  private final double resetAngle;
  private final double resetSpeed;
  private double angle;
  private double speed;

  Pendulum(EnvironmentOptions options) {
    gravity = options.number("g", 10, -1e6, 1e6);
    resetAngle = options.number("reset-angle", Math.PI, 0, 1e6);
    resetSpeed = options.number("reset-speed", 1, 0, 1e6);
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
    angle = random.uniform(-resetAngle, resetAngle);
    speed = random.uniform(-resetSpeed, resetSpeed);
    observe(first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    float torque = Math.min(Math.max(action.value(0), -TORQUE_MAX), TORQUE_MAX);
    double upright = normalised(angle);
    double cost = upright * upright + 0.1 * (speed * speed) + 0.001f * (torque * torque);
    double moved = speed + (3 * gravity / 2 * trigonometry.sin(angle) + 3.0f * torque) * SECONDS;
    speed = Math.min(Math.max(moved, -SPEED_MAX), SPEED_MAX);
    angle = angle + speed * SECONDS;
    observe(next);
    return -cost;
  }

  /** Into [-π, π), with the remainder that has the sign of the divisor. */
  private static double normalised(double angle) {
    double rest = (angle + Math.PI) % TURN;
    return (rest < 0 ? rest + TURN : rest) - Math.PI;
  }

  private void observe(Transition to) {
    to.observe(0, trigonometry.cos(angle));
    to.observe(1, trigonometry.sin(angle));
    to.observe(2, speed);
  }

  @Override
  public Object state() {
    return new double[] {angle, speed};
  }

  @Override
  public void restore(Object state) {
    double[] from = (double[]) state;
    angle = from[0];
    speed = from[1];
  }

  @Override
  public Picture picture() {
    return ClassicPictures.pendulum(angle);
  }

  @Override
  public double stepsPerSecond() {
    return ClassicPictures.MEDIUM;
  }
}
