package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.node.NodeActor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;

/** What the active head shows of the cluster. */
record HeadView(
    String head,
    RunsDecisions<ActorRef<NodeActor.Command>, ActorRef<Answer>> decisions,
    MadeRuns made,
    KnownNodes nodes,
    Shortage.Words words) {

  /**
   * How everything is now.
   *
   * @param unreachable nodes that don't answer at the moment
   */
  ClusterView now(Set<Address> unreachable) {
    List<ClusterView.Node> shown = new ArrayList<>();
    List<String> cannot = new ArrayList<>();
    for (KnownNode node : nodes.all()) {
      String name = node.offer().name();
      shown.add(
          node.view(
              allotted(name),
              unreachable.contains(node.ref().path().address()),
              decisions.isDraining(name)));
      if (!node.cannotLearn().isEmpty()) {
        cannot.add("node [" + name + "] can't: " + node.cannotLearn());
      }
    }
    return new ClusterView(
        head,
        shown,
        decisions.runs().stream().map(run -> made.of(run.name).view(run, words, cannot)).toList());
  }

  /** Slots of a node, by the runs that have them. */
  private Map<String, Integer> allotted(String node) {
    Map<String, Integer> allotted = new TreeMap<>();
    for (RunEntry run : decisions.runs()) {
      Integer slots = run.plan().rollouts().get(node);
      if (slots != null) {
        allotted.put(run.name, slots);
      }
    }
    return allotted;
  }
}
