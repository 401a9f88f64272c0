package dev.troupe.protocol.ledger;

import dev.troupe.protocol.check.Check;

/**
 * How many trajectories were dropped for one reason.
 *
 * @param difficulty label of their tasks
 * @param lengthFrom they were at least this long and less than twice as long, in generated tokens
 *     (or environment steps); 0 = nothing was generated, or its length never became known
 */
public record DropCount(DropReason reason, String difficulty, int lengthFrom, long count) {
  public DropCount {
    Check.atLeast("lengthFrom", 0, lengthFrom);
    Check.atLeast("count", 1, count);
  }
}
