package dev.troupe.actors.learner;

/** The learner can't go on, and beginning again would not help: the run has failed. */
public final class HopelessException extends RuntimeException {
  public HopelessException(String message, Throwable cause) {
    super(message, cause);
  }
}
