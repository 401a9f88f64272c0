package dev.troupe.protocol.outcome;

import dev.troupe.protocol.check.Check;

/** A verifier, exactly: name, version and content hash of its code or settings. */
public record VerifierRef(String name, String version, String hash) {
  public VerifierRef {
    Check.notBlank("name", name);
  }

  private static final int SHOWN = 8;

  /** For people: {@code python@1 3fa94c01}. */
  public String words() {
    String head = hash.substring(0, Math.min(SHOWN, hash.length()));
    return head.isEmpty() ? name + "@" + version : name + "@" + version + " " + head;
  }
}
