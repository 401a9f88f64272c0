package dev.troupe.actors.journal;

/** Where a record lies: in which segment, from which byte on. */
public record Location(SegmentName segment, long offset) {}
