package dev.troupe.rollout.task;

import java.util.Arrays;
import java.util.Collection;

/** The numbers of [0, size) without some: the i-th of them is found by binary search. */
final class ExclusiveNumbers {
  private final long size;
  private final long[] excluded;

  ExclusiveNumbers(long size, Collection<Long> excluded) {
    this.size = size;
    this.excluded = excluded.stream().mapToLong(Long::longValue).sorted().distinct().toArray();
  }

  long count() {
    return size - excluded.length;
  }

  /** The {@code index}-th number that is not excluded, ascending. */
  long at(long index) {
    // excluded[i] − i numbers remain below excluded[i]; count the excluded ones at or below.
    int low = 0;
    int high = excluded.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (excluded[middle] - middle <= index) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return index + low;
  }

  @Override
  public String toString() {
    return "[0, " + size + ") without " + Arrays.toString(excluded);
  }
}
