package dev.troupe.actors.node;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whose word about a run counts on a node: that of the newest life of the run that it has heard of.
 * A head that was overtaken and doesn't know it yet may still enlist a node for a run which the
 * newer one has dismissed; so terms outlive what they were said about.
 */
public final class RunTerms {
  /** So many runs are remembered, those that were heard of last. */
  private static final int RUNS_MAX = 10_000;

  private final Map<String, Long> newest = new LinkedHashMap<>();

  /**
   * Whether what {@code run} says in its life {@code term} counts; from then on, no earlier one.
   */
  public boolean counts(String run, long term) {
    Long before = newest.get(run);
    if (before != null && term < before) {
      return false;
    }
    newest.remove(run);
    newest.put(run, term);
    if (newest.size() > RUNS_MAX) {
      newest.remove(newest.keySet().iterator().next());
    }
    return true;
  }
}
