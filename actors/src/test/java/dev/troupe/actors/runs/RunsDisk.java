package dev.troupe.actors.runs;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The cluster's directory as {@link ClusterDirectory} uses it: epochs claimed exclusively, words
 * about runs under names that only grow, and of each takeover a list of those that count.
 */
final class RunsDisk {

  /** The name of a word: whoever has the greater one counts. */
  record Name(int epoch, long number) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      int byEpoch = Integer.compare(epoch, other.epoch);
      return byEpoch != 0 ? byEpoch : Long.compare(number, other.number);
    }
  }

  /**
   * What was written.
   *
   * @param stamp which head decided it, and the number of the decision
   */
  record Word(Control control, double share, Name stamp) {}

  private final RunsFlaw flaw;
  private final Map<String, TreeMap<Name, Word>> words = new HashMap<>();
  private final TreeMap<Integer, Map<String, Name>> seals = new TreeMap<>();
  private final TreeMap<Name, Map<String, DrainOrder>> drains = new TreeMap<>();
  private int claimed;
  private boolean full;

  RunsDisk(RunsFlaw flaw) {
    this.flaw = flaw;
  }

  int claim() {
    return ++claimed;
  }

  boolean isOvertaken(int epoch) {
    return claimed > epoch;
  }

  void fill(boolean isFull) {
    full = isFull;
  }

  boolean isFull() {
    return full;
  }

  void write(String run, Name name, Word word) {
    Name under = flaw == RunsFlaw.NO_EPOCH_IN_NAMES ? new Name(0, name.number()) : name;
    words.computeIfAbsent(run, _ -> new TreeMap<>()).put(under, word);
  }

  void writeDrains(Name name, Map<String, DrainOrder> orders) {
    drains.put(name, Map.copyOf(orders));
  }

  /** Which nodes are to leave, as the greatest name says it. */
  Map<String, DrainOrder> drains() {
    return drains.isEmpty() ? Map.of() : drains.lastEntry().getValue();
  }

  /** The words that count, by run, for whoever takes over with {@code epoch}. */
  Map<String, Name> counting(int epoch) {
    Map<String, Name> counting = new TreeMap<>();
    Map.Entry<Integer, Map<String, Name>> seal = seals.lowerEntry(epoch);
    words.forEach(
        (run, its) -> {
          Name newest = its.lastKey();
          boolean late = seal != null && newest.epoch() < seal.getKey();
          if (!late
              || flaw == RunsFlaw.OVERTAKEN_WORD_COUNTS
              || flaw == RunsFlaw.NO_EPOCH_IN_NAMES) {
            counting.put(run, newest);
          } else if (seal.getValue().containsKey(run)) {
            counting.put(run, seal.getValue().get(run));
          }
        });
    return counting;
  }

  void seal(int epoch, Map<String, Name> counting) {
    seals.put(epoch, Map.copyOf(counting));
  }

  /** What a word says. */
  Word read(String run, Name name) {
    TreeMap<Name, Word> its = words.getOrDefault(run, new TreeMap<>());
    Word word =
        flaw == RunsFlaw.CONTROL_LOST_AT_TAKEOVER ? its.firstEntry().getValue() : its.get(name);
    if (word == null) {
      throw new AssertionError("no word " + name + " of " + run);
    }
    return word;
  }
}
