package dev.troupe.actors.policy;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Knows the newest version and the caches that want it; announces each new one to all of them. */
public final class PolicyRegistry extends ThinActor<PolicyRegistry.Command> {

  /** What the registry is told. */
  public sealed interface Command {}

  /** The learner made {@code version}; {@code keep} it for an evaluation until it is released. */
  public record Publish(PolicyVersion version, boolean keep) implements Command, Wire {}

  /** The evaluation of {@code version} is over. */
  public record Release(PolicyVersion version) implements Command, Wire {}

  /** {@code cache} wants to know of new versions. */
  public record Join(ActorRef<PolicyCache.Command> cache) implements Command, Wire {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  /** What outlives a failure of the actor within this JVM. */
  private static final class Memory {
    private final Set<ActorRef<PolicyCache.Command>> caches = new LinkedHashSet<>();
    private Optional<PolicyCache.Announce> newest = Optional.empty();
  }

  private final Memory memory;

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
    memory.caches.forEach(cache -> cache.tell(announcement));
  }

  /** A cache that joins later must not keep what nobody will release again. */
  private void onRelease(PolicyVersion version) {
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
      memory.caches.removeIf(cache -> cache.path().equals(terminated.getRef().path()));
      return this;
    }
    return Behaviors.unhandled();
  }
}
