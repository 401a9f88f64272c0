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
 * Two poles on a cart: a bonus while the tip is above 1, less its distance from the top and the
 * speed of the poles.
 *
 * <p>Options: {@code healthy-reward}, {@code reset-noise-scale}.
 */
final class InvertedDoublePendulum extends MujocoEnvironment {
  private static final double SHOWN_MAX = 10;
  private static final int POLES = 2;

  private final MemorySegment tip;
  private final MemorySegment constraintForces;
  private final double healthyReward;
  private final double noise;
  private final Space observations;

  InvertedDoublePendulum(
      MujocoInstallation installation, MujocoTask task, EnvironmentOptions options) {
    super(installation, task, options);
    tip = simulation().array(InData.SITE_XPOS, 3);
    constraintForces = simulation().array(InData.QFRC_CONSTRAINT, velocities());
    healthyReward = options.number("healthy-reward", 10, -1e9, 1e9);
    noise = options.number("reset-noise-scale", 0.1, 0, 1e9);
    observations = unbounded(1 + 2 * POLES + velocities() + 1);
  }

  @Override
  public Space observationSpace() {
    return observations;
  }

  @Override
  void begin(Pcg64 random, double[] position, double[] velocity) {
    uniform(random, noise, position);
    normal(random, noise, velocity);
  }

  @Override
  void observe(Transition to) {
    to.observe(0, position(0));
    for (int i = 1; i <= POLES; i++) {
      to.observe(i, Math.sin(position(i)));
      to.observe(POLES + i, Math.cos(position(i)));
    }
    for (int i = 0; i < velocities(); i++) {
      to.observe(1 + 2 * POLES + i, Math.clamp(velocity(i), -SHOWN_MAX, SHOWN_MAX));
    }
    double force = constraintForces.getAtIndex(JAVA_DOUBLE, 0);
    to.observe(1 + 2 * POLES + velocities(), Math.clamp(force, -SHOWN_MAX, SHOWN_MAX));
  }

  @Override
  double judge(Action action, Transition next) {
    double x = tip.getAtIndex(JAVA_DOUBLE, 0);
    double z = tip.getAtIndex(JAVA_DOUBLE, 2);
    boolean over = z <= 1;
    if (over) {
      next.terminate();
    }
    double first = velocity(1);
    double second = velocity(2);
    double distance = 0.01 * (x * x) + (z - 2) * (z - 2);
    double speeds = 1e-3 * (first * first) + 5e-3 * (second * second);
    return (over ? 0 : healthyReward) - distance - speeds;
  }
}
