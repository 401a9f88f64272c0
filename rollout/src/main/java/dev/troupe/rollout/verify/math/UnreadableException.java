package dev.troupe.rollout.verify.math;

/** A text isn't mathematics that this package reads; the message says where it stopped. */
final class UnreadableException extends Exception {
  UnreadableException(String message) {
    super(message, null, false, false);
  }
}
