package dev.troupe.actors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeOffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class KnownNodesTest {
  private final TestInbox<NodeActor.Command> node = TestInbox.create("node");
  private final TestInbox<RunsActor.Command> runs = TestInbox.create("runs");
  private final TestInbox<Answer> asking = TestInbox.create("asking");
  private final TestInbox<Answer> other = TestInbox.create("other");
  private final KnownNodes nodes = new KnownNodes();

  private static KnownNode known(String name, TestInbox<NodeActor.Command> ref) {
    HostPort address = new HostPort("10.0.0.1", 7355);
    NodeOffer offer =
        new NodeOffer(
            name, address, address, address, Set.of(Role.REWARD), List.of(), 2, 1, "0.1.0", 0);
    return new KnownNode(offer, ref.getRef(), List.of(), Map.of(), false, "");
  }

  private long request() {
    return ((NodeActor.GetLog) node.receiveMessage()).request();
  }

  @Test
  void eachLogGoesToWhoAskedForItAndOnlyOnce() {
    nodes.put(known("west", node));
    assertThat(nodes.askForLog("west", 10, asking.getRef(), runs.getRef())).isTrue();
    assertThat(nodes.askForLog("west", 20, other.getRef(), runs.getRef())).isTrue();
    long first = request();
    long second = request();
    nodes.logCame(new RunsActor.LogLines(second, "twenty"));
    nodes.logCame(new RunsActor.LogLines(first, "ten"));
    nodes.logCame(new RunsActor.LogLines(first, "ten again"));
    assertThat(asking.getAllReceived()).containsExactly(new Answer.Done("ten"));
    assertThat(other.getAllReceived()).containsExactly(new Answer.Done("twenty"));
  }

  @Test
  void nobodyIsAskedForTheLogOfANodeThatIsNotThere() {
    assertThat(nodes.askForLog("west", 10, asking.getRef(), runs.getRef())).isFalse();
    nodes.put(known("west", node));
    nodes.lost(node.getRef());
    assertThat(nodes.askForLog("west", 10, asking.getRef(), runs.getRef())).isFalse();
    assertThat(node.hasMessages()).isFalse();
  }

  @Test
  void aNodeThatTellsAgainIsKnownByItsNewestWords() {
    nodes.put(known("west", node));
    nodes.put(known("east", TestInbox.create("east")));
    nodes.put(known("west", TestInbox.create("again")));
    assertThat(nodes.all())
        .extracting(known -> known.offer().name() + " " + known.ref().path().name())
        .containsExactly("east east", "west again");
  }
}
