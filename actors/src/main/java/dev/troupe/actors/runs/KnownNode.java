package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeOffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/** A node that answered. */
record KnownNode(
    NodeOffer offer,
    ActorRef<NodeActor.Command> ref,
    List<String> learners,
    Map<String, Integer> held,
    boolean draining,
    String cannotLearn) {

  Placement.Node forPlacement() {
    return new Placement.Node(
        offer.name(),
        cannotLearn.isEmpty() ? offer.roles() : without(offer.roles(), Role.LEARNER),
        offer.slots(),
        offer.learnersMax(),
        draining,
        Set.copyOf(offer.devices()),
        offer.processors(),
        offer.memoryBytes(),
        Set.copyOf(learners));
  }

  private static Set<Role> without(Set<Role> roles, Role role) {
    return roles.stream().filter(it -> it != role).collect(Collectors.toSet());
  }

  ClusterView.Node view(Map<String, Integer> allotted, boolean unreachable, boolean drains) {
    ClusterView.NodeState state =
        unreachable
            ? ClusterView.NodeState.UNREACHABLE
            : drains ? ClusterView.NodeState.DRAINING : ClusterView.NodeState.UP;
    return new ClusterView.Node(
        offer.name(),
        offer.address(),
        offer.api(),
        offer.roles(),
        state,
        offer.devices(),
        offer.processors(),
        offer.memoryBytes(),
        offer.version(),
        offer.slots(),
        allotted,
        learners);
  }
}
