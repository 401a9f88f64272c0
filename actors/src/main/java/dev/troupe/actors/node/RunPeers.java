package dev.troupe.actors.node;

import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.run.RunActor;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where the singletons of a run live now. The run's actors on a node look here whenever they have
 * something to say, so that they outlive the singletons' move to another head: what was said to the
 * old ones and not answered, they say again anyway.
 *
 * <p>Changed by the node's actor only; read by several threads.
 */
public final class RunPeers {
  private volatile NodeActor.Singletons singletons;

  public RunPeers(NodeActor.Singletons singletons) {
    this.singletons = singletons;
  }

  void pointTo(NodeActor.Singletons moved) {
    singletons = moved;
  }

  public ActorRef<RunActor.Command> run() {
    return singletons.run();
  }

  public ActorRef<ReplayActor.Command> replay() {
    return singletons.replay();
  }

  public ActorRef<PolicyRegistry.Command> registry() {
    return singletons.registry();
  }

  public ActorRef<MonitorActor.Command> monitor() {
    return singletons.monitor();
  }
}
