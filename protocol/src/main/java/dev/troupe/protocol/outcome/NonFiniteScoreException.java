package dev.troupe.protocol.outcome;

/** A score that is NaN or infinite: whoever runs verifiers makes it {@link Outcome.Invalid}. */
public final class NonFiniteScoreException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** {@code what} names the score or the part of one. */
  NonFiniteScoreException(String what, double value) {
    super(what + " must be finite, got [" + value + "]");
  }
}
