package dev.troupe.actors.reward;

import dev.troupe.protocol.outcome.VerifierRef;
import org.apache.pekko.actor.typed.ActorRef;

/** A reward actor and the verifier that it judges by. */
public record RewardAddress(VerifierRef verifier, ActorRef<RewardActor.Command> actor) {}
