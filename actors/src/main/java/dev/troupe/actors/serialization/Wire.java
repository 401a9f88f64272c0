package dev.troupe.actors.serialization;

/** A message that may cross nodes: it has a schema, a manifest and an example in the tests. */
public interface Wire {}
