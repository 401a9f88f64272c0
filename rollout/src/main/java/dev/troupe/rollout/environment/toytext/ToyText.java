package dev.troupe.rollout.environment.toytext;

import dev.troupe.rollout.environment.EnvironmentKind;
import java.util.List;

/** The tabular tasks, by Gymnasium's ids. */
public final class ToyText {
  private ToyText() {}

  public static List<EnvironmentKind> kinds() {
    return List.of(
        new EnvironmentKind(
            "FrozenLake-v1",
            "cross slippery ice, 4x4",
            100,
            options -> new FrozenLake(options, "4x4")),
        new EnvironmentKind(
            "FrozenLake8x8-v1",
            "cross slippery ice, 8x8",
            200,
            options -> new FrozenLake(options, "8x8")),
        new EnvironmentKind(
            "CliffWalking-v1",
            "walk along a cliff",
            0,
            options -> new CliffWalking(options, false)),
        new EnvironmentKind(
            "CliffWalkingSlippery-v1",
            "walk along a slippery cliff",
            0,
            options -> new CliffWalking(options, true)),
        new EnvironmentKind("Taxi-v4", "fetch and bring a passenger", 200, Taxi::new));
  }
}
