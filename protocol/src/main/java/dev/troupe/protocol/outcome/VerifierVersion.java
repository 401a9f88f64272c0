package dev.troupe.protocol.outcome;

import dev.troupe.protocol.check.Check;

/**
 * A verifier and all that it is made from, so that any node can make it.
 *
 * @param settings a JSON object, its keys sorted, every default written out; {@code ref} has its
 *     hash
 */
public record VerifierVersion(VerifierRef ref, String settings) {
  public VerifierVersion {
    Check.notBlank("settings", settings);
  }
}
