package dev.troupe.rollout.environment;

import java.util.List;

/**
 * Gives names to environments of one's own; found by {@link java.util.ServiceLoader}, from the file
 * {@code META-INF/services/dev.troupe.rollout.environment.EnvironmentProvider}.
 */
public interface EnvironmentProvider {
  /** What this jar or folder has. */
  List<EnvironmentKind> environments();
}
