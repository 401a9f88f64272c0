package dev.troupe.actors.ledger;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A set of group numbers kept as ranges. Groups close nearly in order, so that a run of any length
 * needs a handful of ranges.
 */
final class GroupRanges {
  private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

  boolean contains(long group) {
    Map.Entry<Long, Long> range = lastByFirst.floorEntry(group);
    return range != null && group <= range.getValue();
  }

  void add(long group) {
    addRange(group, group);
  }

  void addRange(long first, long last) {
    long from = first;
    long to = last;
    Map.Entry<Long, Long> before = lastByFirst.floorEntry(first);
    if (before != null && before.getValue() >= first - 1) {
      from = before.getKey();
      to = Math.max(to, before.getValue());
    }
    SortedMap<Long, Long> swallowed = lastByFirst.subMap(from, true, to + 1, true);
    for (long end : swallowed.values()) {
      to = Math.max(to, end);
    }
    swallowed.clear();
    lastByFirst.put(from, to);
  }

  int rangeCount() {
    return lastByFirst.size();
  }

  /** First and last group of each range, ascending. */
  SortedMap<Long, Long> ranges() {
    return new TreeMap<>(lastByFirst);
  }
}
