package dev.troupe.actors.weights;

import java.io.IOException;

/** Weights could not be served, fetched or kept; the message says what was expected and got. */
public final class WeightsException extends IOException {
  private static final long serialVersionUID = 1;

  WeightsException(String message) {
    super(message);
  }

  WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
