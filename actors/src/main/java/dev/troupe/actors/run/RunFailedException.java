package dev.troupe.actors.run;

/** A run ended by failure; the message says why, what is safe and what to do next. */
public final class RunFailedException extends RuntimeException {
  public RunFailedException(String message) {
    super(message);
  }

  public RunFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
