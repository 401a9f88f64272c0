package dev.troupe.rollout.sandbox;

/** There is no sandbox on this machine; the message says what to install or to allow. */
public final class SandboxUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  SandboxUnavailableException(String message) {
    super(message);
  }
}
