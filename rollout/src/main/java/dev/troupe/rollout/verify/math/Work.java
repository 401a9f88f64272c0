package dev.troupe.rollout.verify.math;

/**
 * Counts steps of one verdict, so that no answer can make it long: a step is a token, a node of a
 * tree, a product of two monomials or an operation on numbers of sixty digits, a few microseconds
 * at most. An interrupted thread gives up, too.
 */
final class Work {
  private final long stepsMax;
  private long steps;

  Work(long stepsMax) {
    this.stepsMax = stepsMax;
  }

  void step() {
    steps(1);
  }

  void steps(long count) {
    steps += count;
    if (steps > stepsMax) {
      throw new TooMuchWorkException("more than [" + stepsMax + "] steps");
    }
    if ((steps & 1023) < count && Thread.currentThread().isInterrupted()) {
      throw new TooMuchWorkException("interrupted");
    }
  }
}
