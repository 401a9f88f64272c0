package dev.troupe.rollout.environment.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.environment.mujoco.MujocoVersion.InData;
import dev.troupe.rollout.random.Pcg64;
import java.lang.foreign.MemorySegment;

/**
 * An arm of two links whose fingertip is to touch a target: less its distance and the cost of the
 * action.
 *
 * <p>Options: {@code reward-dist-weight}, {@code reward-control-weight}.
 */
final class Reacher extends MujocoEnvironment {
  private static final double GOAL_MAX = 0.2;
  private static final int LINKS = 2;

  private final MemorySegment places;
  private final int fingertip;
  private final int target;
  private final double distanceWeight;
  private final double controlWeight;
  private final Space observations;

  Reacher(MujocoInstallation installation, MujocoTask task, EnvironmentOptions options) {
    super(installation, task, options);
    places = simulation().array(InData.XPOS, 3 * bodies());
    fingertip = simulation().body("fingertip");
    target = simulation().body("target");
    distanceWeight = options.number("reward-dist-weight", 1, -1e9, 1e9);
    controlWeight = options.number("reward-control-weight", 1, -1e9, 1e9);
    observations = unbounded(3 * LINKS + positions() - LINKS + 2);
  }

  @Override
  public Space observationSpace() {
    return observations;
  }

  @Override
  void begin(Pcg64 random, double[] position, double[] velocity) {
    uniform(random, 0.1, position);
    double x;
    double y;
    do {
      x = random.uniform(-GOAL_MAX, GOAL_MAX);
      y = random.uniform(-GOAL_MAX, GOAL_MAX);
    } while (Math.sqrt(x * x + y * y) >= GOAL_MAX);
    position[position.length - 2] = x;
    position[position.length - 1] = y;
    uniform(random, 0.005, velocity);
    velocity[velocity.length - 2] = 0;
    velocity[velocity.length - 1] = 0;
  }

  @Override
  void observe(Transition to) {
    for (int i = 0; i < LINKS; i++) {
      to.observe(i, Math.cos(position(i)));
      to.observe(LINKS + i, Math.sin(position(i)));
      to.observe(LINKS + positions() + i, velocity(i));
      to.observe(2 * LINKS + positions() + i, away(i));
    }
    for (int i = LINKS; i < positions(); i++) {
      to.observe(LINKS + i, position(i));
    }
  }

  /** From the target to the fingertip. */
  private double away(int axis) {
    return places.getAtIndex(JAVA_DOUBLE, 3L * fingertip + axis)
        - places.getAtIndex(JAVA_DOUBLE, 3L * target + axis);
  }

  @Override
  double judge(Action action, Transition next) {
    double distance = Math.sqrt(away(0) * away(0) + away(1) * away(1) + away(2) * away(2));
    return -distance * distanceWeight + -actionSquared(action) * (float) controlWeight;
  }
}
