package dev.troupe.protocol.policy;

import dev.troupe.protocol.check.Check;

/**
 * Names one set of weights.
 *
 * @param incarnation of the learner, from 1; grows when a learner starts again from a checkpoint
 * @param update optimizer updates of the whole run so far, supervised ones included; 0 = initial
 * @param adjustment behaviour adjustments (PROPS) since that update; 0 for every other algorithm
 * @param hash SHA-256 of the weights, hex
 */
public record PolicyVersion(int incarnation, long update, int adjustment, String hash) {
  public PolicyVersion {
    Check.atLeast("incarnation", 0, incarnation);
    Check.atLeast("update", 0, update);
    Check.atLeast("adjustment", 0, adjustment);
  }
}
