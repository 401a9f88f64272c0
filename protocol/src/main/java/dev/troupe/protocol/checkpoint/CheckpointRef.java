package dev.troupe.protocol.checkpoint;

import dev.troupe.protocol.check.Check;

/**
 * One checkpoint on disk, exactly.
 *
 * @param update optimizer updates it contains
 * @param epoch of the learner that wrote it
 * @param manifestHash SHA-256 of its manifest.json, hex
 */
public record CheckpointRef(long update, int epoch, String manifestHash) {
  public CheckpointRef {
    Check.atLeast("update", 0, update);
    Check.atLeast("epoch", 0, epoch);
  }
}
