package dev.troupe.rollout.environment;

/** What an environment throws to say in which way it failed; anything else counts as thrown. */
public final class EnvironmentTroubleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final EnvironmentFailure.Kind kind;

  public EnvironmentTroubleException(EnvironmentFailure.Kind kind, String detail) {
    super(detail);
    this.kind = kind;
  }

  public EnvironmentFailure.Kind kind() {
    return kind;
  }
}
