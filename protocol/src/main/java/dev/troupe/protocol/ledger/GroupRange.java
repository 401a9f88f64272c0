package dev.troupe.protocol.ledger;

import dev.troupe.protocol.check.Check;

/** The groups from {@code first} to {@code last}, both included. */
public record GroupRange(long first, long last) {
  public GroupRange {
    Check.atLeast("first", 0, first);
    Check.atLeast("last", first, last);
  }
}
