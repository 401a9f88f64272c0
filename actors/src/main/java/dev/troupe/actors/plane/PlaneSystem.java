package dev.troupe.actors.plane;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.NodeConfig;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.security.TransportSecurity;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A node of the cluster with the settings of every node, and actors of its own.
 *
 * @param <P> those actors
 */
final class PlaneSystem<P> implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ActorSystem<Void> system;
  private final P parts;

  private PlaneSystem(ActorSystem<Void> system, P parts) {
    this.system = system;
    this.parts = parts;
  }

  static <P> PlaneSystem<P> start(
      HostPort address,
      List<HostPort> join,
      Set<Role> roles,
      Function<ActorContext<Void>, P> parts) {
    CompletableFuture<P> spawned = new CompletableFuture<>();
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.setup(
                context -> {
                  spawned.complete(parts.apply(context));
                  return Behaviors.empty();
                }),
            NodeConfig.SYSTEM,
            NodeConfig.of(address, join, roles, new TransportSecurity.Plain(), LostAfter.DEFAULT));
    return new PlaneSystem<>(
        system, spawned.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
  }

  P parts() {
    return parts;
  }

  String text(ActorRef<?> ref) {
    return ActorRefResolver.get(system).toSerializationFormat(ref);
  }

  <T> ActorRef<T> ref(String text) {
    return ref(system, text);
  }

  static <T> ActorRef<T> ref(ActorSystem<?> system, String text) {
    return ActorRefResolver.get(system).resolveActorRef(text);
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }
}
