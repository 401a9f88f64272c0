package dev.troupe.protocol.lease;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;

/**
 * The trajectories of one task that are compared with each other.
 *
 * @param number of the group in the run, from 0
 * @param size members
 * @param verifier fixed when the group is created; re-grants keep it
 */
public record Group(long number, Task task, int size, VerifierRef verifier) {
  public Group {
    Check.atLeast("number", 0, number);
    Check.atLeast("size", 1, size);
  }
}
