package dev.troupe.actors.run;

import dev.troupe.actors.node.NodeActor;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a run gets of a node.
 *
 * @param node its name
 * @param rollouts rollout actors
 * @param rewards whether it verifies
 * @param learner whether the learner lives there
 */
public record Place(
    String node, ActorRef<NodeActor.Command> ref, int rollouts, boolean rewards, boolean learner) {
  /** Whether the node has nothing to do any more. */
  boolean isNothing() {
    return rollouts == 0 && !rewards && !learner;
  }
}
