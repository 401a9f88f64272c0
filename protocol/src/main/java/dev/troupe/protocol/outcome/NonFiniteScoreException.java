package dev.troupe.protocol.outcome;

/** A score that is NaN or infinite: whoever runs verifiers makes it {@link Outcome.Invalid}. */
public final class NonFiniteScoreException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  NonFiniteScoreException(double value) {
    super("a score must be finite, got [" + value + "]");
  }
}
