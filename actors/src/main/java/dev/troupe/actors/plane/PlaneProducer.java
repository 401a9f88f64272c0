package dev.troupe.actors.plane;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.policy.PolicyShelf;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.rollout.verify.Verifiers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A node with one real rollout actor, whose sampler repeats one trajectory. Pings the head while it
 * lives.
 */
public final class PlaneProducer implements AutoCloseable {
  private static final Duration PING_EVERY = Duration.ofMillis(10);

  /**
   * @param door what the head knows of it
   */
  private record Parts(ActorRef<RolloutActor.Command> door, ActorRef<RewardActor.Command> echo) {}

  private final Queue<Long> asked = new ConcurrentLinkedQueue<>();
  private final Queue<Long> answered = new ConcurrentLinkedQueue<>();
  private final PlaneAddress head;
  private final PacedSamplers samplers;
  private final LongSupplier nanos;
  private final PlaneSystem<Parts> system;
  private volatile boolean closed;

  private PlaneProducer(
      PlaneAddress head, Settings settings, LongSupplier nanos, ThreadFactory threads) {
    this.head = head;
    this.nanos = nanos;
    this.samplers = new PacedSamplers(settings.body(), settings.lanes(), nanos, threads);
    this.system =
        PlaneSystem.start(
            new HostPort("127.0.0.1", 0),
            List.of(head.head()),
            Set.of(Role.ROLLOUT),
            context -> parts(context, settings));
    threads.newThread(this::ping).start();
  }

  /**
   * What it makes.
   *
   * @param name of the rollout actor, unique in the cluster
   * @param lanes trajectories that are under way together
   */
  public record Settings(
      String name,
      TrajectoryBody body,
      int lanes,
      RewardSpecification reward,
      Duration leaseLimit) {}

  /** Joins {@code head}. */
  public static PlaneProducer join(
      PlaneAddress head, Settings settings, LongSupplier nanos, ThreadFactory threads) {
    return new PlaneProducer(head, settings, nanos, threads);
  }

  private Parts parts(ActorContext<Void> context, Settings settings) {
    ActorSystem<?> actors = context.getSystem();
    RunPeers peers =
        new RunPeers(
            new NodeActor.Singletons(
                PlaneSystem.ref(actors, head.run()),
                PlaneSystem.ref(actors, head.replay()),
                context.spawn(Behaviors.<PolicyRegistry.Command>ignore(), "registry"),
                PlaneSystem.ref(actors, head.monitor())));
    PolicyShelf shelf = new PolicyShelf();
    ActorRef<RolloutActor.Command> rollout =
        context.spawn(
            RolloutActor.create(
                new RolloutActor.Surroundings(
                    "bench",
                    settings.name(),
                    samplers,
                    shelf,
                    peers,
                    context.spawn(Behaviors.<PolicyCache.Command>ignore(), "cache"),
                    context.spawn(Behaviors.<NodeActor.Command>ignore(), "node"),
                    settings.reward(),
                    settings.leaseLimit(),
                    _ -> {},
                    nanos)),
            "rollout");
    ActorRef<RewardActor.Command> reward = PlaneSystem.ref(actors, head.reward());
    rollout.tell(
        new RolloutActor.Rewards(
            List.of(new RewardAddress(Verifiers.ref(settings.reward()), reward))));
    return new Parts(
        context.spawn(door(rollout, shelf), "door"), PlaneSystem.ref(actors, head.echo()));
  }

  /** Puts versions, which weigh nothing, on the shelf before they are announced; times pings. */
  private Behavior<RolloutActor.Command> door(
      ActorRef<RolloutActor.Command> rollout, PolicyShelf shelf) {
    return Behaviors.receiveMessage(
        command -> {
          if (command instanceof RolloutActor.PolicyArrived(var version)) {
            shelf.put(new Weightless(version));
            rollout.tell(command);
            shelf.promote(version);
          } else if (command instanceof RolloutActor.Pong) {
            Long sent = asked.poll();
            if (sent != null) {
              answered.add(nanos.getAsLong() - sent);
            }
          }
          return Behaviors.same();
        });
  }

  private void ping() {
    while (!closed) {
      asked.add(nanos.getAsLong());
      system.parts().echo().tell(new RewardActor.Ping(system.parts().door()));
      LockSupport.parkNanos(PING_EVERY.toNanos());
    }
  }

  /** What the head is told to begin. */
  public String reference() {
    return system.text(system.parts().door());
  }

  /** Trajectories a second from now on; 0 = as many as are asked for. */
  public void pace(double perSecond) {
    samplers.pace(perSecond);
  }

  /** How long pings took, there and back, since this was last asked; nanoseconds. */
  public List<Long> pings() {
    List<Long> all = new ArrayList<>();
    for (Long one = answered.poll(); one != null; one = answered.poll()) {
      all.add(one);
    }
    return all;
  }

  @Override
  public void close() {
    closed = true;
    system.close();
  }

  private record Weightless(PolicyVersion version) implements Policy {
    @Override
    public Policy retain() {
      return this;
    }

    @Override
    public void close() {}
  }
}
