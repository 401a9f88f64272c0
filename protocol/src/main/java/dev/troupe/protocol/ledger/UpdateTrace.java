package dev.troupe.protocol.ledger;

import dev.troupe.protocol.tensor.FloatArray;

/**
 * What an update leaves beside the hash of its weights, so that it can be checked on a processor
 * whose last bits differ.
 *
 * @param batchHash SHA-256, hex, of the batch that was learned from: must be equal anywhere; empty
 *     for supervised steps
 * @param sketch of the weights, see {@code WeightSketch}: must be near; empty = none was made
 */
public record UpdateTrace(String batchHash, FloatArray sketch) {
  /** Of updates that were made before it was journaled. */
  public static final UpdateTrace NONE = new UpdateTrace("", FloatArray.empty());
}
