package dev.troupe.actors.ledger;

/**
 * Offers that stand outside the conservation law, since this writer began.
 *
 * @param duplicates of trajectories that were recorded before, or whose group is closed
 * @param superseded copies of an attempt although a later one was granted
 * @param unwanted arrived after their trajectory was dropped
 * @param unknown never granted in this run
 */
public record Apart(long duplicates, long superseded, long unwanted, long unknown) {}
