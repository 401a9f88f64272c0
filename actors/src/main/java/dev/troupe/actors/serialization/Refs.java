package dev.troupe.actors.serialization;

import org.apache.pekko.actor.typed.ActorRef;

/** Actor references as text and back. */
interface Refs {
  String text(ActorRef<?> ref);

  <T> ActorRef<T> ref(String text);
}
