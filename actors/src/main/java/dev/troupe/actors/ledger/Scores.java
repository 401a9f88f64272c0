package dev.troupe.actors.ledger;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.Outcome;

/** The number in a scored outcome. */
final class Scores {
  private Scores() {}

  /** Score of a trajectory that must have one. */
  static double of(JudgedTrajectory judged) {
    return switch (judged.outcome()) {
      case Outcome.Scored scored -> scored.value();
      case Outcome.Invalid _, Outcome.TimedOut _, Outcome.Crashed _ ->
          throw new LedgerException(
              "only scored trajectories are recorded, got ["
                  + judged.outcome()
                  + "] for ["
                  + judged.trajectory().id()
                  + "]");
    };
  }
}
