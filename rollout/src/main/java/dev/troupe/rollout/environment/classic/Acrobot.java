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
 * Two links hanging from a joint, with a motor between them, to be swung above a line; reward -1
 * for every step.
 *
 * <p>Sutton, "Generalization in reinforcement learning: successful examples using sparse coarse
 * coding" (1996), with the dynamics of Sutton and Barto's book, as Gymnasium's Acrobot-v1 computes
 * it: one Runge-Kutta step of the fourth order. Options: {@code reset-low}, {@code reset-high}.
 */
final class Acrobot implements Environment, Drawable {
  private static final double SECONDS = 0.2;
  private static final double GRAVITY = 9.8;
  private static final double SPEED_1_MAX = 4 * Math.PI;
  private static final double SPEED_2_MAX = 9 * Math.PI;
  private static final double TURN = Math.PI - -Math.PI;
  private static final float[] HIGH = {1, 1, 1, 1, (float) SPEED_1_MAX, (float) SPEED_2_MAX};
  private static final float[] LOW = {-1, -1, -1, -1, -(float) SPEED_1_MAX, -(float) SPEED_2_MAX};
  private static final Space OBSERVATIONS =
      Space.box(LOW, HIGH, "cos 1", "sin 1", "cos 2", "sin 2", "speed 1", "speed 2");
  private static final Space ACTIONS = Space.discrete("-1", "0", "+1");

  private final Trigonometry trigonometry = new Trigonometry();
  private final double resetLow;
  private final double resetHigh;

  /** Both angles, both speeds. */
  private final double[] state = new double[4];

  private final double[] at = new double[4];
  private final double[] k1 = new double[4];
  private final double[] k2 = new double[4];
  private final double[] k3 = new double[4];
  private final double[] k4 = new double[4];

  Acrobot(EnvironmentOptions options) {
    resetLow = options.number("reset-low", -0.1, -1e6, 1e6);
    resetHigh = options.number("reset-high", 0.1, resetLow, 1e6);
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
    for (int i = 0; i < state.length; i++) {
      state[i] = (float) random.uniform(resetLow, resetHigh);
    }
    observe(first);
  }

  @Override
  public double step(Action action, Pcg64 random, Transition next) {
    integrate(action.choice() - 1.0);
    state[0] = wrapped(state[0]);
    state[1] = wrapped(state[1]);
    state[2] = Math.min(Math.max(state[2], -SPEED_1_MAX), SPEED_1_MAX);
    state[3] = Math.min(Math.max(state[3], -SPEED_2_MAX), SPEED_2_MAX);
    observe(next);
    if (-trigonometry.cos(state[0]) - trigonometry.cos(state[1] + state[0]) > 1) {
      next.terminate();
      return 0;
    }
    return -1;
  }

  private void integrate(double torque) {
    slope(state, torque, k1);
    along(k1, SECONDS / 2);
    slope(at, torque, k2);
    along(k2, SECONDS / 2);
    slope(at, torque, k3);
    along(k3, SECONDS);
    slope(at, torque, k4);
    for (int i = 0; i < state.length; i++) {
      state[i] = state[i] + SECONDS / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
  }

  private void along(double[] slope, double seconds) {
    for (int i = 0; i < state.length; i++) {
      at[i] = state[i] + seconds * slope[i];
    }
  }

  /** Lengths and masses are 1, centres of mass at ½, moments of inertia 1. */
  private void slope(double[] s, double torque, double[] to) {
    double cos2 = trigonometry.cos(s[1]);
    double sin2 = trigonometry.sin(s[1]);
    double speed1 = s[2];
    double speed2 = s[3];
    double d1 = 0.25 + (1.25 + cos2) + 1 + 1;
    double d2 = 0.25 + 0.5 * cos2 + 1;
    double phi2 = 0.5 * GRAVITY * trigonometry.cos(s[0] + s[1] - Math.PI / 2);
    double phi1 =
        -0.5 * (speed2 * speed2) * sin2
            - speed2 * speed1 * sin2
            + 1.5 * GRAVITY * trigonometry.cos(s[0] - Math.PI / 2)
            + phi2;
    double acceleration2 =
        (torque + d2 / d1 * phi1 - 0.5 * (speed1 * speed1) * sin2 - phi2) / (1.25 - d2 * d2 / d1);
    to[0] = speed1;
    to[1] = speed2;
    to[2] = -(d2 * acceleration2 + phi1) / d1;
    to[3] = acceleration2;
  }

  private static double wrapped(double angle) {
    double wrapped = angle;
    while (wrapped > Math.PI) {
      wrapped = wrapped - TURN;
    }
    while (wrapped < -Math.PI) {
      wrapped = wrapped + TURN;
    }
    return wrapped;
  }

  private void observe(Transition to) {
    to.observe(0, trigonometry.cos(state[0]));
    to.observe(1, trigonometry.sin(state[0]));
    to.observe(2, trigonometry.cos(state[1]));
    to.observe(3, trigonometry.sin(state[1]));
    to.observe(4, state[2]);
    to.observe(5, state[3]);
  }

  @Override
  public Object state() {
    return state.clone();
  }

  @Override
  public void restore(Object from) {
    System.arraycopy((double[]) from, 0, state, 0, state.length);
  }

  @Override
  public Picture picture() {
    return ClassicPictures.acrobot(state[0], state[1]);
  }

  @Override
  public double stepsPerSecond() {
    return ClassicPictures.SLOW;
  }
}
