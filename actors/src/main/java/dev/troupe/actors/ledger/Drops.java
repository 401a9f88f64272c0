package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.DropCount;
import dev.troupe.protocol.ledger.DropReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Drops by reason, task difficulty and length, so that a bias towards short or easy tasks is seen.
 * At most {@value #DIFFICULTIES_MAX} labels of difficulty are told apart; the rest share one.
 */
final class Drops {
  static final int DIFFICULTIES_MAX = 256;
  private static final String OTHER = "other";

  private record Key(DropReason reason, String difficulty, int lengthFrom) {}

  private final Map<Key, Long> counts = new HashMap<>();
  private final Map<String, String> difficulties = new HashMap<>();
  private final EnumMap<DropReason, Long> byReason = new EnumMap<>(DropReason.class);

  void add(DropReason reason, String difficulty, int length) {
    addRow(new DropCount(reason, difficulty, lengthFrom(length), 1));
  }

  void addRow(DropCount row) {
    Key key = new Key(row.reason(), label(row.difficulty()), row.lengthFrom());
    counts.merge(key, row.count(), Long::sum);
    byReason.merge(row.reason(), row.count(), Long::sum);
  }

  void addRows(List<DropCount> rows) {
    rows.forEach(this::addRow);
  }

  long total() {
    return byReason.values().stream().mapToLong(Long::longValue).sum();
  }

  long of(DropReason reason) {
    return byReason.getOrDefault(reason, 0L);
  }

  /** Every count above zero, ordered by reason, difficulty, length. */
  List<DropCount> rows() {
    List<DropCount> rows = new ArrayList<>();
    counts.forEach(
        (key, count) ->
            rows.add(new DropCount(key.reason(), key.difficulty(), key.lengthFrom(), count)));
    rows.sort(
        Comparator.comparing(DropCount::reason)
            .thenComparing(DropCount::difficulty)
            .thenComparingInt(DropCount::lengthFrom));
    return rows;
  }

  /** Lower bound of the bucket [1, 2), [2, 4), [4, 8), ... that {@code length} falls in, or 0. */
  static int lengthFrom(int length) {
    return length <= 0 ? 0 : Integer.highestOneBit(length);
  }

  private String label(String difficulty) {
    if (difficulties.size() >= DIFFICULTIES_MAX && !difficulties.containsKey(difficulty)) {
      return OTHER;
    }
    difficulties.putIfAbsent(difficulty, difficulty);
    return difficulty;
  }
}
