package dev.troupe.protocol.outcome;

/** A verifier, exactly: name, version and content hash of its code or settings. */
public record VerifierRef(String name, String version, String hash) {}
