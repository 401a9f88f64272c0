package dev.troupe.actors.policy;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.actors.weights.PullPlan;
import dev.troupe.actors.weights.Swarm;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Knows the newest version and the caches that want it; announces each new one to all of them, and
 * tells those that haven't got it where to fetch it.
 */
public final class PolicyRegistry extends ThinActor<PolicyRegistry.Command> {

  /** What the registry is told. */
  public sealed interface Command {}

  /** The learner made {@code version}; {@code keep} it for an evaluation until it is released. */
  public record Publish(PolicyVersion version, boolean keep) implements Command, Wire {}

  /** The evaluation of {@code version} is over. */
  public record Release(PolicyVersion version) implements Command, Wire {}

  /** {@code cache} wants to know of new versions. */
  public record Join(ActorRef<PolicyCache.Command> cache) implements Command, Wire {}

  /** {@code cache}, of the node {@code member}, hasn't got {@code version}, and wants it. */
  public record Wants(
      PolicyVersion version, ActorRef<PolicyCache.Command> cache, Swarm.Member member)
      implements Command, Wire {}

  /**
   * {@code cache}, of the node {@code member}, has {@code version}.
   *
   * @param manifest once it is written and served
   */
  public record Has(
      PolicyVersion version,
      ActorRef<PolicyCache.Command> cache,
      Swarm.Member member,
      Optional<PolicyManifest> manifest)
      implements Command, Wire {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  /** What outlives a failure of the actor within this JVM. */
  private static final class Memory {
    private final Set<ActorRef<PolicyCache.Command>> caches = new LinkedHashSet<>();
    private final Set<PolicyVersion> kept = new HashSet<>();
    private Optional<PolicyCache.Announce> newest = Optional.empty();
  }

  private static final PolicySpread.Orders<ActorRef<PolicyCache.Command>> ORDERS =
      new PolicySpread.Orders<>() {
        @Override
        public void serve(ActorRef<PolicyCache.Command> cache, PolicyVersion version) {
          cache.tell(new PolicyCache.Serve(version));
        }

        @Override
        public void fetch(
            ActorRef<PolicyCache.Command> cache, PolicyManifest manifest, PullPlan plan) {
          cache.tell(new PolicyCache.Fetch(manifest, plan));
        }
      };

  private final Memory memory;
  private final PolicySpread<ActorRef<PolicyCache.Command>> spread = new PolicySpread<>(ORDERS);

  private PolicyRegistry(ActorContext<Command> context, Memory memory) {
    super(context);
    this.memory = memory;
    memory.caches.forEach(context::watch);
  }

  public static Behavior<Command> create() {
    Memory memory = new Memory();
    return Behaviors.<Command>supervise(
            Behaviors.setup(context -> new PolicyRegistry(context, memory)))
        .onFailure(SupervisorStrategy.restart());
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Publish(var version, var keep) -> onPublish(new PolicyCache.Announce(version, keep));
      case Release(var version) -> onRelease(version);
      case Join(var cache) -> onJoin(cache);
      case Wants(var version, var cache, var member) -> spread.wants(version, cache, member);
      case Has(var version, var cache, var member, var manifest) ->
          spread.has(version, cache, member, manifest);
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private void onPublish(PolicyCache.Announce announcement) {
    boolean newer =
        memory.newest.isEmpty()
            || VersionOrder.newer(announcement.version(), memory.newest.get().version());
    if (newer) {
      memory.newest = Optional.of(announcement);
    }
    if (announcement.keep()) {
      memory.kept.add(announcement.version());
    }
    forgetOthers();
    memory.caches.forEach(cache -> cache.tell(announcement));
  }

  private void forgetOthers() {
    spread.retain(
        version ->
            memory.kept.contains(version)
                || memory.newest.isEmpty()
                || !VersionOrder.newer(memory.newest.get().version(), version));
  }

  /** A cache that joins later must not keep what nobody will release again. */
  private void onRelease(PolicyVersion version) {
    memory.kept.remove(version);
    forgetOthers();
    if (memory.newest.filter(newest -> newest.version().equals(version)).isPresent()) {
      memory.newest = Optional.of(new PolicyCache.Announce(version, false));
    }
    memory.caches.forEach(cache -> cache.tell(new PolicyCache.Release(version)));
  }

  private void onJoin(ActorRef<PolicyCache.Command> cache) {
    context().watch(cache);
    memory.caches.add(cache);
    memory.newest.ifPresent(cache::tell);
  }

  @Override
  protected Behavior<Command> onSignal(org.apache.pekko.actor.typed.Signal signal) {
    if (signal instanceof Terminated terminated) {
      memory.caches.stream()
          .filter(cache -> cache.path().equals(terminated.getRef().path()))
          .findFirst()
          .ifPresent(
              cache -> {
                memory.caches.remove(cache);
                spread.left(cache);
              });
      return this;
    }
    return Behaviors.unhandled();
  }
}
