package dev.troupe.actors.cluster;

import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.security.TransportSecurity;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a node is started with.
 *
 * @param name by which people know it; unique in the cluster
 * @param release of the program, for people
 * @param address that the cluster's messages come to; the port is a real one, not 0
 * @param api address of this node's HTTP server
 * @param data address of this node's weights server
 * @param join nodes to join through; none = this head starts the cluster
 * @param devices that samplers and learners may use, such as {@code cpu} or {@code cuda:0}
 * @param slots rollout actors that this node has room for
 * @param home the cluster directory, one folder a run; shared by heads and learners
 * @param scratch this node's own directory, for weights and files it pulled
 * @param lostAfter how long a silent node is waited for; the same on all nodes
 * @param transport how the connections of the cluster and of weights are protected
 * @param listeners who follows the runs whose singletons live here
 */
public record NodeOptions(
    String name,
    String release,
    Set<Role> roles,
    HostPort address,
    HostPort api,
    HostPort data,
    List<HostPort> join,
    List<String> devices,
    int slots,
    Path home,
    Path scratch,
    LostAfter lostAfter,
    TransportSecurity transport,
    RunListeners listeners,
    Clock clock,
    LongSupplier nanos,
    ThreadFactory threads,
    Consumer<CrashPoint> crashHook) {
  public NodeOptions {
    roles = Set.copyOf(roles);
    join = List.copyOf(join);
    devices = List.copyOf(devices);
    home = home.toAbsolutePath().normalize();
    scratch = scratch.toAbsolutePath().normalize();
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("node [" + name + "] has no role");
    }
    if (join.isEmpty() && !roles.contains(Role.HEAD)) {
      throw new IllegalArgumentException(
          "node ["
              + name
              + "] has roles "
              + roles
              + " and nobody to join: only a head starts a cluster; say --join HOST:PORT of a"
              + " node that is there");
    }
  }

  /** Where this node's log is written. */
  public Path log() {
    return scratch.resolve("node.log");
  }
}
