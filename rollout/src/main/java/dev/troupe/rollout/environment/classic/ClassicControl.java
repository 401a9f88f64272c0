package dev.troupe.rollout.environment.classic;

import dev.troupe.rollout.environment.EnvironmentKind;
import java.util.List;

/** The classic control tasks, by Gymnasium's ids. */
public final class ClassicControl {
  private ClassicControl() {}

  public static List<EnvironmentKind> kinds() {
    return List.of(
        new EnvironmentKind("CartPole-v0", "balance a pole, 200 steps", 200, CartPole::new),
        new EnvironmentKind("CartPole-v1", "balance a pole, 500 steps", 500, CartPole::new),
        new EnvironmentKind("Acrobot-v1", "swing two links above a line", 500, Acrobot::new),
        new EnvironmentKind("Pendulum-v1", "hold a pendulum upright", 200, Pendulum::new),
        new EnvironmentKind("MountainCar-v0", "swing a car up a hill", 200, MountainCar::new),
        new EnvironmentKind(
            "MountainCarContinuous-v0",
            "swing a car up a hill, cheaply",
            999,
            MountainCarContinuous::new));
  }
}
