package dev.troupe.rollout.sandbox;

/** The sandbox itself failed; that says nothing of the program. */
public final class SandboxFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  SandboxFailedException(String message) {
    super(message);
  }

  SandboxFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
