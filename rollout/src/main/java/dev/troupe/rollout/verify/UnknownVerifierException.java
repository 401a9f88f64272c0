package dev.troupe.rollout.verify;

/** A recipe names a verifier that doesn't exist; the message names the nearest that does. */
public final class UnknownVerifierException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnknownVerifierException(String message) {
    super(message);
  }
}
