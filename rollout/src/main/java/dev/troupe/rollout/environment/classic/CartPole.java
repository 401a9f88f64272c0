package dev.troupe.rollout.environment.classic;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Drawable;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.random.Pcg64;
import java.util.List;

/**
 * A pole on a cart that is pushed left or right; reward 1 for every step until it falls.
 *
 * <p>Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult learning
 * control problems" (1983), as Gymnasium's CartPole-v1 computes it: explicit Euler in double
 * precision, in the same order of operations. Options: {@code sutton-barto-reward} (0 for a step
 * and -1 for the fall), {@code reset-low}, {@code reset-high}.
 */
final class CartPole implements Environment, Drawable {
  private static final double GRAVITY = 9.8;
  private static final double CART_MASS = 1.0;
  private static final double POLE_MASS = 0.1;
  private static final double MASS = POLE_MASS + CART_MASS;
  private static final double HALF_LENGTH = 0.5;
  private static final double MASS_LENGTH = POLE_MASS * HALF_LENGTH;
  private static final double FORCE = 10.0;
  private static final double SECONDS = 0.02;
  private static final double ANGLE_MAX = 12 * 2 * Math.PI / 360;
  private static final double PLACE_MAX = 2.4;
  private static final float INFINITE = Float.POSITIVE_INFINITY;
  private static final float[] HIGH = {
    (float) (PLACE_MAX * 2), INFINITE, (float) (ANGLE_MAX * 2), INFINITE
  };
  private static final float[] LOW = {-HIGH[0], -INFINITE, -HIGH[2], -INFINITE};
  private static final Space OBSERVATIONS =
      Space.box(LOW, HIGH, "position", "velocity", "angle", "angular velocity");
  private static final Space ACTIONS = Space.discrete("left", "right");

  private final Trigonometry trigonometry = new Trigonometry();
  private final boolean suttonBarto;
  private final double resetLow;
  private final double resetHigh;
  private double x;
  private double xSpeed;
  private double angle;
  private double angleSpeed;
  private boolean fallen;

  record State(double x, double xSpeed, double angle, double angleSpeed, boolean fallen) {}

  CartPole(EnvironmentOptions options) {
    suttonBarto = options.truth("sutton-barto-reward", false);
    resetLow = options.number("reset-low", -0.05, -1e6, 1e6);
    resetHigh = options.number("reset-high", 0.05, resetLow, 1e6);
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
    x = random.uniform(resetLow, resetHigh);
    xSpeed = random.uniform(resetLow, resetHigh);
    angle = random.uniform(resetLow, resetHigh);
    angleSpeed = random.uniform(resetLow, resetHigh);
    fallen = false;
    observe(first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    double force = action.choice() == 1 ? FORCE : -FORCE;
    double cos = trigonometry.cos(angle);
    double sin = trigonometry.sin(angle);
    double pushed = (force + MASS_LENGTH * (angleSpeed * angleSpeed) * sin) / MASS;
    double angleAcceleration =
        (GRAVITY * sin - cos * pushed)
            / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cos * cos) / MASS));
    double acceleration = pushed - MASS_LENGTH * angleAcceleration * cos / MASS;
    x = x + SECONDS * xSpeed;
    xSpeed = xSpeed + SECONDS * acceleration;
    angle = angle + SECONDS * angleSpeed;
    angleSpeed = angleSpeed + SECONDS * angleAcceleration;
    observe(next);
    if (x < -PLACE_MAX || x > PLACE_MAX || angle < -ANGLE_MAX || angle > ANGLE_MAX) {
      next.terminate();
      boolean again = fallen;
      fallen = true;
      return suttonBarto ? -1 : again ? 0 : 1;
    }
    return suttonBarto ? 0 : 1;
  }

  private void observe(Transition to) {
    to.observe(0, x);
    to.observe(1, xSpeed);
    to.observe(2, angle);
    to.observe(3, angleSpeed);
  }

  @Override
  public Object state() {
    return new State(x, xSpeed, angle, angleSpeed, fallen);
  }

  @Override
  public void restore(Object state) {
    var from = (State) state;
    x = from.x();
    xSpeed = from.xSpeed();
    angle = from.angle();
    angleSpeed = from.angleSpeed();
    fallen = from.fallen();
  }

  @Override
  public List<Class<?>> stateTypes() {
    return List.of(State.class);
  }

  @Override
  public Picture picture() {
    return ClassicPictures.cartPole(x, angle);
  }

  @Override
  public double stepsPerSecond() {
    return ClassicPictures.FAST;
  }
}
