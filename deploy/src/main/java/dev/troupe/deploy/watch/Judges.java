package dev.troupe.deploy.watch;

import java.util.List;

/**
 * Who judges in a run, at one moment.
 *
 * @param verifiers the one in force first; then those that still judge, then those that did
 * @param swaps of the run so far, as far as they are remembered
 */
public record Judges(List<Verifier> verifiers, long swaps) {
  /** Before anybody judges. */
  public static final Judges NOBODY = new Judges(List.of(), 0);

  public Judges {
    verifiers = List.copyOf(verifiers);
  }

  /**
   * A verifier, and what it said since this process follows the run.
   *
   * @param name with version and the beginning of its hash
   * @param state what it does
   * @param judged verdicts
   * @param rewardMean of the scores; NaN before the first
   * @param unscored verdicts that were not a score
   */
  public record Verifier(String name, State state, long judged, double rewardMean, long unscored) {}

  /** What a verifier does. */
  public enum State {
    /** Groups that begin are judged by it. */
    IN_FORCE,
    /** It judges what began with it, or evaluations. */
    AT_WORK,
    /** It did. */
    GONE
  }
}
