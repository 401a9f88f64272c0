package dev.troupe.deploy.bench;

/** Somebody else's program can't be measured here; the message says why. */
public final class PeerException extends Exception {
  private static final long serialVersionUID = 1;

  PeerException(String message) {
    super(message);
  }
}
