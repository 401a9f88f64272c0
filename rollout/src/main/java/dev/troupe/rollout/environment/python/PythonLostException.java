package dev.troupe.rollout.environment.python;

import dev.troupe.rollout.environment.EnvironmentFailure.Kind;

/** The Python program ended or hangs; it has been ended. */
public final class PythonLostException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  public PythonLostException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
