package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.DropReason;

/**
 * How many trajectories were dropped for one reason.
 *
 * @param difficulty label of their tasks
 * @param lengthFrom they were at least this long and less than twice as long, in generated tokens
 *     (or environment steps); 0 = nothing was generated, or its length never became known
 */
public record DropCount(DropReason reason, String difficulty, int lengthFrom, long count) {}
