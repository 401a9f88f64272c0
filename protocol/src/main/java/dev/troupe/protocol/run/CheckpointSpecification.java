package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;

/**
 * When checkpoints are made and kept.
 *
 * @param every updates (supervised steps count too)
 * @param keep newest checkpoints kept; the best one by evaluation is kept beside them
 */
public record CheckpointSpecification(int every, int keep) {
  public CheckpointSpecification {
    Check.atLeast("every", 1, every);
    Check.atLeast("keep", 1, keep);
  }
}
