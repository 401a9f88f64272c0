package dev.troupe.rollout.environment.mujoco;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.EnvironmentOptions;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;

/**
 * A pole on a cart, to be kept within 0.2 of upright: 1 for every step until then.
 *
 * <p>Option: {@code reset-noise-scale}.
 */
final class InvertedPendulum extends MujocoEnvironment {
  private static final double ANGLE_MAX = 0.2;

  private final double noise;
  private final Space observations;

  InvertedPendulum(MujocoInstallation installation, MujocoTask task, EnvironmentOptions options) {
    super(installation, task, options);
    noise = options.number("reset-noise-scale", 0.01, 0, 1e9);
    observations = unbounded(positions() + velocities());
  }

  @Override
  public Space observationSpace() {
    return observations;
  }

  @Override
  void begin(Pcg64 random, double[] position, double[] velocity) {
    uniform(random, noise, position);
    uniform(random, noise, velocity);
  }

  @Override
  void observe(Transition to) {
    for (int i = 0; i < positions(); i++) {
      to.observe(i, position(i));
    }
    for (int i = 0; i < velocities(); i++) {
      to.observe(positions() + i, velocity(i));
    }
  }

  @Override
  double judge(Action action, Transition next) {
    boolean upright = Math.abs(position(1)) <= ANGLE_MAX;
    if (!upright) {
      next.terminate();
    }
    return upright ? 1 : 0;
  }
}
