package dev.troupe.actors.cluster;

import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeSurroundings;
import dev.troupe.actors.runs.RunsActor;
import dev.troupe.actors.runs.RunsSurroundings;
import dev.troupe.actors.serialization.Local;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;

/** The root of a node's actors: the node's own, and the way to the cluster's runs. */
final class NodeGuardian {
  /** What the root is told. */
  sealed interface Command {}

  /** Pass this on to the node. */
  record ToNode(NodeActor.Command command) implements Command, Local {}

  private record Announce() implements Command, Local {}

  /**
   * The active head finds nodes by itself; this is for those that it doesn't, such as one that came
   * back under its old address while its earlier life was being removed.
   */
  private static final Duration ANNOUNCE_EVERY = Duration.ofSeconds(5);

  private NodeGuardian() {}

  /**
   * @param begun hears of the node's actor and of the way to the cluster's runs
   */
  static Behavior<Command> create(
      NodeSurroundings node,
      RunsSurroundings runs,
      BiConsumer<ActorRef<NodeActor.Command>, ActorRef<RunsActor.Command>> begun) {
    return Behaviors.setup(
        context -> {
          ActorRef<NodeActor.Command> actor = context.spawn(NodeActor.create(node), "node");
          context.getSystem().receptionist().tell(Receptionist.register(NodeActor.KEY, actor));
          // On a head this is one of the places where it may live; elsewhere only the way to it.
          ActorRef<RunsActor.Command> way =
              ClusterSingleton.get(context.getSystem())
                  .init(
                      SingletonActor.of(RunsActor.create(runs), "runs")
                          .withStopMessage(new RunsActor.HandOver())
                          .withSettings(
                              ClusterSingletonSettings.create(context.getSystem())
                                  .withRole(Role.HEAD.text())));
          begun.accept(actor, way);
          Behavior<Command> behavior =
              Behaviors.receive(Command.class)
                  .onMessage(
                      ToNode.class,
                      message -> {
                        actor.tell(message.command());
                        return Behaviors.same();
                      })
                  .onMessage(
                      Announce.class,
                      _ -> {
                        actor.tell(new NodeActor.WhatDoYouOffer(way));
                        return Behaviors.same();
                      })
                  .build();
          return Behaviors.withTimers(
              timers -> {
                timers.startTimerWithFixedDelay(new Announce(), ANNOUNCE_EVERY);
                return behavior;
              });
        });
  }
}
