package dev.troupe.protocol.lease;

import dev.troupe.protocol.check.Check;

/** Lease {@code number} (from 1) of the replay writer's epoch {@code epoch}. */
public record LeaseId(int epoch, long number) {
  public LeaseId {
    Check.atLeast("epoch", 0, epoch);
    Check.atLeast("number", 0, number);
  }

  @Override
  public String toString() {
    return epoch + "-" + number;
  }
}
