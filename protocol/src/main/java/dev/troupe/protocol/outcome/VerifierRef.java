package dev.troupe.protocol.outcome;

import dev.troupe.protocol.check.Check;

/** A verifier, exactly: name, version and content hash of its code or settings. */
public record VerifierRef(String name, String version, String hash) {
  public VerifierRef {
    Check.notBlank("name", name);
  }
}
