package dev.troupe.rollout.environment.props;

import dev.troupe.rollout.environment.EnvironmentKind;
import java.util.List;

/** The small tasks on which sampling error is measured. */
public final class PropsTasks {
  private PropsTasks() {}

  public static List<EnvironmentKind> kinds() {
    return List.of(
        new EnvironmentKind("GridWorld-v0", "find the better corner", 100, GridWorld::new),
        new EnvironmentKind("TwoStep-v0", "two choices between two", 0, TwoStep::new),
        new EnvironmentKind("Bandit-v0", "one choice among arms", 0, Bandit::new),
        new EnvironmentKind("Discrete2D-v0", "move a point to a goal", 100, Discrete2D::new));
  }
}
