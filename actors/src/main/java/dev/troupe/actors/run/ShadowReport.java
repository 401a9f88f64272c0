package dev.troupe.actors.run;

import dev.troupe.actors.reward.ShadowFigures;
import dev.troupe.protocol.outcome.VerifierRef;

/**
 * How a verifier does that judges beside the one in force.
 *
 * @param trial trajectories that decide whether it is taken; 0 = it only judges beside
 * @param words what came of the trial; empty before
 */
public record ShadowReport(
    VerifierRef verifier, int trial, ShadowFigures figures, State state, String words) {

  /** How it stands. */
  public enum State {
    /** It judges. */
    JUDGING,
    /** It passed its trial and is in force. */
    TAKEN,
    /** It didn't pass. */
    REFUSED,
    /** Somebody ended it. */
    ENDED
  }
}
