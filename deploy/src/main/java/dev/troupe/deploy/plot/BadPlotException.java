package dev.troupe.deploy.plot;

/** What was asked for can't be drawn of these runs. */
public final class BadPlotException extends RuntimeException {
  BadPlotException(String message) {
    super(message);
  }
}
