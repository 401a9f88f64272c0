package dev.troupe.rollout.verify.math;

/** A bound on work, depth or size was reached: whatever was asked stays undecided. */
final class TooMuchWorkException extends RuntimeException {
  TooMuchWorkException(String what) {
    super(what, null, false, false);
  }
}
