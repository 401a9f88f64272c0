package dev.troupe.rollout.verify;

/** What verifiers throw, in words. */
public final class Thrown {
  private static final int MESSAGE_MAX = 500;

  private Thrown() {}

  /** What it is and where it was thrown. */
  public static String words(Throwable error) {
    String text = error.toString();
    String message = text.length() <= MESSAGE_MAX ? text : text.substring(0, MESSAGE_MAX) + "…";
    StackTraceElement[] frames = error.getStackTrace();
    return frames.length == 0 ? message : message + " at " + frames[0];
  }
}
