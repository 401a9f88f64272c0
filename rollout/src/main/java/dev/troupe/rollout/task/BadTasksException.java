package dev.troupe.rollout.task;

/** Tasks or examples that a recipe names cannot be used; the message says where and why. */
public final class BadTasksException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public BadTasksException(String message) {
    super(message);
  }
}
