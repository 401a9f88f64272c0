package dev.troupe.model.torch;

/**
 * A program that failed while it ran: the message has the source files and lines it came through.
 */
public final class ProgramRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ProgramRunException(String message, Throwable cause) {
    super(message, cause);
  }
}
