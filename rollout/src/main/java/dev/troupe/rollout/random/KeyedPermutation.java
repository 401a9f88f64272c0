package dev.troupe.rollout.random;

/**
 * A permutation of [0, size) chosen by a key, evaluated at one place without making a table.
 *
 * <p>A balanced Feistel network over the smallest even number of bits that holds {@code size}, with
 * Philox as its round function; results outside the range are permuted again (cycle walking), which
 * takes fewer than four steps on average.
 *
 * @param key which permutation
 * @param size at least 1, at most 2⁶²
 */
public record KeyedPermutation(long key, long size) {
  private static final int ROUNDS = 6;
  private static final long SIZE_MAX = 1L << 62;

  public KeyedPermutation {
    if (size < 1 || size > SIZE_MAX) {
      throw new IllegalArgumentException(
          "a permutation needs between [1] and [2^62] elements, got [" + size + "]");
    }
  }

  /** The element at {@code index}, both in [0, size). */
  public long at(long index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(
          "permutation of [" + size + "] elements has no index [" + index + "]");
    }
    int half = Math.max(1, (65 - Long.numberOfLeadingZeros(size - 1)) / 2);
    long mask = (1L << half) - 1;
    long value = index;
    do {
      long left = value >>> half;
      long right = value & mask;
      for (int round = 0; round < ROUNDS; round++) {
        long next = left ^ (Philox.bits(key, round, right) & mask);
        left = right;
        right = next;
      }
      value = left << half | right;
    } while (value >= size);
    return value;
  }
}
