package dev.troupe.rollout.process;

import dev.troupe.rollout.environment.EnvironmentFailure.Kind;

/** A program that worked for this one ended or hangs; it has been ended. */
public final class WorkerLostException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String said;

  public WorkerLostException(Kind kind, String message) {
    this(kind, message, "");
  }

  /**
   * @param said what it printed last, for the end of the message; may be empty
   */
  public WorkerLostException(Kind kind, String message, String said) {
    super(message + said);
    this.kind = kind;
    this.said = said;
  }

  public Kind kind() {
    return kind;
  }

  /** What it printed last, as the message ends with it; may be empty. */
  public String said() {
    return said;
  }
}
