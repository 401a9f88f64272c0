package dev.troupe.rollout.task;

import dev.troupe.rollout.random.KeyedPermutation;
import dev.troupe.rollout.random.Philox;

/** Endless numbers mapped onto a finite set, each epoch in an order of its own. */
final class Epochs {
  private Epochs() {}

  /** Where number {@code number} falls in [0, count). */
  static long index(long key, long number, long count) {
    if (number < 0) {
      throw new IllegalArgumentException("task numbers start at [0], got [" + number + "]");
    }
    long epochKey = Philox.bits(key, 0, number / count);
    return new KeyedPermutation(epochKey, count).at(number % count);
  }
}
