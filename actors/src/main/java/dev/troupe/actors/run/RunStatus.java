package dev.troupe.actors.run;

import java.util.OptionalDouble;

/**
 * A run at this moment.
 *
 * @param updates of reinforcement learning made
 * @param updatesMax of the recipe, 0 = no limit
 * @param bestAccuracy of the evaluations so far
 */
public record RunStatus(
    Phase phase,
    Stage stage,
    String detail,
    long supervisedSteps,
    long updates,
    long updatesMax,
    OptionalDouble bestAccuracy,
    LedgerTotals ledger) {
  /** Before anything happened. */
  public static RunStatus starting() {
    return new RunStatus(
        Phase.STARTING, Stage.NONE, "", 0, 0, 0, OptionalDouble.empty(), LedgerTotals.none());
  }
}
