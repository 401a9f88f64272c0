package dev.troupe.protocol.batch;

import dev.troupe.protocol.check.Check;
import java.util.List;

/**
 * Batch {@code number} (from 1) of the run: the data of one update. Asked for again, it is the
 * same.
 */
public record Batch(long number, List<BatchGroup> groups) {
  public Batch {
    groups = List.copyOf(groups);
    Check.atLeast("number", 1, number);
  }
}
