package dev.troupe.deploy.bench;

import dev.troupe.actors.cluster.ClusterNode;
import dev.troupe.actors.cluster.ClusterNodes;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.MemberWatcher;
import dev.troupe.actors.cluster.NodeOptions;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.deploy.api.NodeCard;
import dev.troupe.deploy.node.Addresses;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Nodes of a cluster on loopback that live in this process, and how each of them sees it. */
final class NodesHere {
  private static final HostPort ANY = new HostPort("127.0.0.1", 0);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  /** Nobody submits a run to these nodes. */
  private static final RunListeners.Follower NOBODY =
      new RunListeners.Follower() {
        @Override
        public void on(RunEvent event) {}

        @Override
        public void ended(RunSummary summary) {}

        @Override
        public void close() {}
      };

  private static final class View implements MemberWatcher {
    final Set<HostPort> members = ConcurrentHashMap.newKeySet();
    final Set<HostPort> silent = ConcurrentHashMap.newKeySet();

    @Override
    public void up(HostPort member) {
      members.add(member);
    }

    @Override
    public void unreachable(HostPort member) {
      silent.add(member);
    }

    @Override
    public void removed(HostPort member) {
      members.remove(member);
    }
  }

  private record Here(HostPort address, ClusterNode node, View view) {}

  private final Path folder;
  private final LongSupplier nanos;
  private final List<Here> nodes = new ArrayList<>();

  /**
   * @param folder for the cluster's files and the nodes' own
   */
  NodesHere(Path folder, LongSupplier nanos) {
    this.folder = folder;
    this.nanos = nanos;
  }

  /**
   * Starts a node and has it join.
   *
   * @param join whom to join; empty = it starts the cluster
   */
  HostPort start(Set<Role> roles, Optional<HostPort> join) {
    Addresses free = Addresses.free(ANY);
    String name = "node-" + free.cluster().port();
    ClusterNode node =
        ClusterNodes.start(
            new NodeOptions(
                name,
                NodeCard.thisRelease(),
                roles,
                free.cluster(),
                free.api(),
                free.data(),
                join.stream().toList(),
                List.of("cpu"),
                roles.contains(Role.ROLLOUT) ? 1 : 0,
                folder.resolve("home"),
                folder.resolve(name),
                LostAfter.DEFAULT,
                new TransportSecurity.Plain(),
                (_, _, _) -> NOBODY,
                Clock.systemUTC(),
                nanos,
                Thread.ofPlatform().daemon().name("node-io-", 0).factory(),
                _ -> {}));
    View view = new View();
    node.watch(view);
    nodes.add(new Here(free.cluster(), node, view));
    return free.cluster();
  }

  /** The newest node leaves; returns when it has. */
  void leave() {
    Here newest = nodes.removeLast();
    newest.node().leave();
    newest.node().ended().toCompletableFuture().join();
  }

  /**
   * Waits until each node here sees so many members, itself included.
   *
   * @return what is in the way when {@code limit} has passed; else empty
   */
  Optional<String> agree(int members, Duration limit) {
    long end = nanos.getAsLong() + limit.toNanos();
    Optional<String> odd = disagreement(members);
    while (odd.isPresent() && lost().isEmpty() && nanos.getAsLong() < end) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
      odd = disagreement(members);
    }
    return odd;
  }

  /** Words of a node's end, which nobody asked for. */
  private Optional<String> lost() {
    return nodes.stream()
        .map(here -> here.node().ended().toCompletableFuture())
        .filter(CompletableFuture::isDone)
        .map(ended -> ended.join().words())
        .findFirst();
  }

  private Optional<String> disagreement(int members) {
    if (lost().isPresent()) {
      return lost();
    }
    for (Here here : nodes) {
      if (here.view().members.size() != members) {
        return Optional.of(
            "node ["
                + here.address()
                + "] sees ["
                + here.view().members.size()
                + "] members, expected ["
                + members
                + "]");
      }
    }
    return Optional.empty();
  }

  /** Members that some node here held to be unreachable since this was last asked. */
  Set<HostPort> silent() {
    Set<HostPort> all = ConcurrentHashMap.newKeySet();
    for (Here here : nodes) {
      all.addAll(here.view().silent);
      here.view().silent.clear();
    }
    return all;
  }
}
