package dev.troupe.actors.security;

/** Keys that are missing or unfit: the message names file, got, expected, and what to do. */
public final class KeysException extends RuntimeException {
  public KeysException(String message) {
    super(message);
  }

  KeysException(String message, Throwable cause) {
    super(message, cause);
  }
}
