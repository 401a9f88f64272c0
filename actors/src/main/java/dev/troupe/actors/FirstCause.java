package dev.troupe.actors;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What went wrong, without the wrappings of the threads that it came through. */
public final class FirstCause {
  private FirstCause() {}

  /** Its message, with its kind where that isn't one of Troupe's own. */
  public static String words(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    if (message == null) {
      return cause.toString();
    }
    boolean own =
        cause.getClass().getName().startsWith("dev.troupe.")
            || cause instanceof IllegalArgumentException
            || cause instanceof IllegalStateException;
    return own ? message : cause.getClass().getSimpleName() + ": " + message;
  }
}
