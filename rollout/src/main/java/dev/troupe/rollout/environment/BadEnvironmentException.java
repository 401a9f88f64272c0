package dev.troupe.rollout.environment;

/** An environment that can't be made: its name or its options are wrong, or its class is. */
public final class BadEnvironmentException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public BadEnvironmentException(String message) {
    super(message);
  }

  public BadEnvironmentException(String message, Throwable cause) {
    super(message, cause);
  }
}
