package dev.troupe.actors.policy;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.policy.PolicyVersion;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One a node: holds the newest complete weights on this node and tells its samplers of them.
 * Weights that a learner in this JVM made are on the shelf already when they are announced.
 */
public final class PolicyCache extends ThinActor<PolicyCache.Command> {

  /** What the cache is told. */
  public sealed interface Command {}

  /** {@code version} can be sampled with; {@code keep} it until it is released. */
  public record Announce(PolicyVersion version, boolean keep) implements Command, Wire {}

  /** {@code version} needs not be kept any more. */
  public record Release(PolicyVersion version) implements Command, Wire {}

  /**
   * {@code rollout} wants to know of new versions, and now of the newest: one that began anew has
   * forgotten what it was told.
   */
  public record Subscribe(ActorRef<RolloutActor.Command> rollout) implements Command, Wire {}

  /** The run's singletons live elsewhere now, and no evaluation of earlier ones goes on. */
  public record Rejoin() implements Command, Local {}

  /** It says again that it is there, in case that was not heard. */
  record Tick() implements Command, Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  private static final Duration TICK = Duration.ofSeconds(2);

  private final PolicyShelf shelf;
  private final RunPeers peers;
  private final Set<ActorRef<RolloutActor.Command>> rollouts = new LinkedHashSet<>();
  private Optional<PolicyVersion> newest = Optional.empty();

  private PolicyCache(ActorContext<Command> context, PolicyShelf shelf, RunPeers peers) {
    super(context);
    this.shelf = shelf;
    this.peers = peers;
    join();
  }

  /**
   * Joins {@code registry}; begun anew after a failure, it asks for the newest version again, and
   * its samplers, which subscribe from time to time, find it.
   */
  public static Behavior<Command> create(PolicyShelf shelf, RunPeers peers) {
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerAtFixedRate(new Tick(), TICK);
                          return new PolicyCache(context, shelf, peers);
                        })))
        .onFailure(SupervisorStrategy.restart());
  }

  private void join() {
    peers.registry().tell(new PolicyRegistry.Join(context().getSelf()));
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Announce(var version, var keep) -> onAnnounce(version, keep);
      case Release(var version) -> shelf.release(version, newest.orElse(version));
      case Subscribe(var rollout) -> onSubscribe(rollout);
      case Rejoin _ -> onRejoin();
      case Tick _ -> join();
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private void onRejoin() {
    newest.ifPresent(shelf::releaseAll);
    join();
  }

  private void onAnnounce(PolicyVersion version, boolean keep) {
    if (keep) {
      shelf.keep(version);
    }
    if (newest.isEmpty() || VersionOrder.newer(version, newest.get())) {
      newest = Optional.of(version);
      shelf.promote(version);
      rollouts.forEach(rollout -> rollout.tell(new RolloutActor.PolicyArrived(version)));
    }
  }

  private void onSubscribe(ActorRef<RolloutActor.Command> rollout) {
    rollouts.add(rollout);
    newest.ifPresent(version -> rollout.tell(new RolloutActor.PolicyArrived(version)));
  }
}
