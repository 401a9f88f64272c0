package dev.troupe.learner.loss;

/** A loss of one's own can't be trained with: got, expected, file, line and what to do. */
public final class LossRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** {@code cause} has the compiler's or the interpreter's own words. */
  public LossRefusedException(String message, Throwable cause) {
    super(message, cause);
  }

  LossRefusedException(String message) {
    super(message);
  }
}
