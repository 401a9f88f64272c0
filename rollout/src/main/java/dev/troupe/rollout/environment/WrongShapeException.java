package dev.troupe.rollout.environment;

/** An environment wrote an observation of another shape than its space's. */
public final class WrongShapeException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  WrongShapeException(String message) {
    super(message);
  }
}
