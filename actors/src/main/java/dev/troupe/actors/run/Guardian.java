package dev.troupe.actors.run;

import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeSurroundings;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The root of the actors in this JVM: one node and one run. */
final class Guardian {
  /** What the root is told. */
  sealed interface Command {}

  /** Pass this on to the run. */
  record ToRun(RunActor.Command command)
      implements Command, dev.troupe.actors.serialization.Local {}

  /** Pass this on to the node. */
  record ToNode(NodeActor.Command command)
      implements Command, dev.troupe.actors.serialization.Local {}

  private Guardian() {}

  static Behavior<Command> create(
      NodeSurroundings surroundings, Function<ActorRef<NodeActor.Command>, Production> production) {
    return Behaviors.setup(
        context -> {
          ActorRef<NodeActor.Command> node = context.spawn(NodeActor.create(surroundings), "node");
          Production made = production.apply(node);
          ActorRef<RunActor.Command> run = context.spawn(RunActor.create(made), "run");
          context.watch(run);
          return Behaviors.receive(Command.class)
              .onMessage(
                  ToRun.class,
                  message -> {
                    run.tell(message.command());
                    return Behaviors.same();
                  })
              .onMessage(
                  ToNode.class,
                  message -> {
                    node.tell(message.command());
                    return Behaviors.same();
                  })
              .onSignal(
                  ChildFailed.class,
                  failed -> {
                    made.ended()
                        .failed(
                            new RunFailedException(
                                "run ["
                                    + made.specification().name()
                                    + "] failed again and again: "
                                    + failed.getCause(),
                                failed.getCause()));
                    return Behaviors.same();
                  })
              .build();
        });
  }
}
