package dev.troupe.rollout.environment.gymnasium;

import dev.troupe.rollout.environment.EnvironmentFailure.Kind;

/** The Python program ended or hangs; it has been ended. */
final class WorkerLostException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  WorkerLostException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
