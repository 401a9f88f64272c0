package dev.troupe.learner;

import java.util.Map;

/**
 * What an update did.
 *
 * @param update number of it in the run, supervised steps included
 * @param skipped whether loss or gradient was not finite, so that (part of) the update was left out
 * @param sequences trained on
 * @param trainedTokens that carried loss
 * @param tokens of all sequences, prompts included
 * @param metrics figures by the names of {@link LearnerMetrics}
 */
public record UpdateReport(
    long update,
    boolean skipped,
    int sequences,
    long trainedTokens,
    long tokens,
    Map<String, Double> metrics) {
  public UpdateReport {
    metrics = Map.copyOf(metrics);
  }

  /** The figure of that name, which must be there. */
  public double metric(String name) {
    Double value = metrics.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no metric [" + name + "], have " + metrics.keySet());
    }
    return value;
  }
}
