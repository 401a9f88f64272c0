package dev.troupe.actors.plane;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.rollout.RolloutActor;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A node that small messages are sent to by a {@link MessageRate}. */
public final class MessagePeer implements AutoCloseable {
  /** Messages that one receipt stands for. */
  static final int PER_RECEIPT = 512;

  /**
   * @param echo answers each ping
   * @param counter answers each {@link #PER_RECEIPT}th
   */
  private record Parts(ActorRef<RewardActor.Command> echo, ActorRef<RewardActor.Command> counter) {}

  private final PlaneSystem<Parts> system;

  private MessagePeer(PlaneSystem<Parts> system) {
    this.system = system;
  }

  /** Joins the cluster of {@code head}, on loopback. */
  public static MessagePeer join(HostPort head) {
    return new MessagePeer(
        PlaneSystem.start(
            new HostPort(head.host(), 0),
            List.of(head),
            Set.of(Role.REWARD),
            context ->
                new Parts(
                    context.spawn(answering(1), "echo"),
                    context.spawn(answering(PER_RECEIPT), "counter"))));
  }

  private static Behavior<RewardActor.Command> answering(int every) {
    return Behaviors.setup(
        context -> {
          int[] count = {0};
          return Behaviors.receiveMessage(
              command -> {
                if (command instanceof RewardActor.Ping(var sender) && ++count[0] == every) {
                  count[0] = 0;
                  sender.tell(new RolloutActor.Pong(context.getSelf()));
                }
                return Behaviors.same();
              });
        });
  }

  /** What the measuring node is told: who echoes, who counts. */
  public List<String> references() {
    return List.of(system.text(system.parts().echo()), system.text(system.parts().counter()));
  }

  @Override
  public void close() {
    system.close();
  }
}
