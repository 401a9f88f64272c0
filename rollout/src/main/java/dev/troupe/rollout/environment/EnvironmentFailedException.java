package dev.troupe.rollout.environment;

import org.jspecify.annotations.Nullable;

/** An environment failed; what it had in hand is lost, {@link VectorEnvironment#replace} helps. */
public final class EnvironmentFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient EnvironmentFailure failure;

  EnvironmentFailedException(EnvironmentFailure failure, @Nullable Throwable cause) {
    super(failure.toString(), cause);
    this.failure = failure;
  }

  public EnvironmentFailure failure() {
    return failure;
  }
}
