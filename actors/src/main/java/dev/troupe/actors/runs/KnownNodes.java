package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.node.NodeActor;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;

/** The nodes that answered, by name, and who waits for the logs of some. */
final class KnownNodes {
  private final Map<String, KnownNode> nodes = new TreeMap<>();
  private final Map<Long, ActorRef<Answer>> logsAsked = new HashMap<>();
  private long nextLog = 1;

  void put(KnownNode node) {
    nodes.put(node.offer().name(), node);
  }

  void lost(ActorRef<?> ref) {
    nodes.values().removeIf(node -> node.ref().equals(ref));
  }

  /** In order of their names. */
  Collection<KnownNode> all() {
    return Collections.unmodifiableCollection(nodes.values());
  }

  /** Asks a node for the end of its log; false if there is no such node. */
  boolean askForLog(String name, int lines, ActorRef<Answer> to, ActorRef<RunsActor.Command> runs) {
    KnownNode node = nodes.get(name);
    if (node == null) {
      return false;
    }
    long request = nextLog++;
    logsAsked.put(request, to);
    node.ref().tell(new NodeActor.GetLog(request, lines, runs));
    return true;
  }

  void logCame(RunsActor.LogLines log) {
    ActorRef<Answer> asked = logsAsked.remove(log.request());
    if (asked != null) {
      asked.tell(new Answer.Done(log.text()));
    }
  }
}
