package dev.troupe.actors.serialization;

import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/** A message that never leaves this JVM: what an actor's own threads tell it, and poison. */
public interface Local extends NoSerializationVerificationNeeded {}
