package dev.troupe.protocol.lease;

/** Lease {@code number} (from 1) of the replay writer's epoch {@code epoch}. */
public record LeaseId(int epoch, long number) {
  @Override
  public String toString() {
    return epoch + "-" + number;
  }
}
