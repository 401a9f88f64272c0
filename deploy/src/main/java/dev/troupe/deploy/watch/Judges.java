package dev.troupe.deploy.watch;

import dev.troupe.actors.run.ShadowReport;
import java.util.List;
import java.util.Optional;

/**
 * Who judges in a run, at one moment.
 *
 * @param verifiers the one in force first; then those that still judge, then those that did
 * @param swaps of the run so far, as far as they are remembered
 * @param shadow who judges beside the one in force, or did last
 */
public record Judges(List<Verifier> verifiers, long swaps, Optional<Shadow> shadow) {
  /** Before anybody judges. */
  public static final Judges NOBODY = new Judges(List.of(), 0, Optional.empty());

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
   * @param median seconds that a verdict took, of the latest; NaN before the first
   * @param slow seconds that 95 in 100 of them took at the most
   */
  public record Verifier(
      String name,
      State state,
      long judged,
      double rewardMean,
      long unscored,
      double median,
      double slow) {}

  /**
   * A verifier that judges beside the one in force.
   *
   * @param trial trajectories that decide whether it is taken; 0 = it only judges beside
   * @param state like {@code judging} or {@code refused}
   * @param words what came of it; empty before
   * @param compared trajectories that both judged
   * @param skipped those that there was no room for
   * @param agreement share of them on which both say the same
   * @param scoreMean of the one in force, where both have a score; NaN before the first
   * @param shadowScoreMean likewise, of the shadow
   * @param unscored trajectories without a score of the one in force
   * @param shadowUnscored without one of the shadow
   * @param examples on which they differ
   */
  public record Shadow(
      String name,
      int trial,
      ShadowReport.State state,
      String words,
      long compared,
      long skipped,
      double agreement,
      double scoreMean,
      double shadowScoreMean,
      long unscored,
      long shadowUnscored,
      List<Example> examples) {
    public Shadow {
      examples = List.copyOf(examples);
    }
  }

  /** An answer, and what both said. */
  public record Example(String prompt, String answer, String outcome, String shadow) {}

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
