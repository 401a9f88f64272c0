package dev.troupe.actors.ledger;

/**
 * Work under way, in groups: what {@link LagGate} looks at.
 *
 * @param running started and not complete
 * @param queued complete, waiting for a first batch
 * @param inTraining in a batch that isn't trained on yet
 * @param groupsMax the gate is open below this sum
 */
public record Occupancy(long running, long queued, long inTraining, long groupsMax) {}
