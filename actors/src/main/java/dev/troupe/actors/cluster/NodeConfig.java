package dev.troupe.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.troupe.actors.security.TransportSecurity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/** The settings of a node's actor system. */
public final class NodeConfig {
  /** Name of every node's actor system. */
  public static final String SYSTEM = "troupe";

  private NodeConfig() {}

  /** Of a system that joins nobody before it is told {@link #joining}: see there. */
  static Config of(NodeOptions options) {
    return of(
        options.address(), List.of(), options.roles(), options.transport(), options.lostAfter());
  }

  /**
   * Has a node join, or begin a cluster where it was told of nobody. Not by its settings: a system
   * that is refused while it is still being made ends with whatever its making stumbles over,
   * instead of with the reason.
   */
  static JoinSeedNodes joining(NodeOptions options) {
    List<HostPort> join = options.join().isEmpty() ? List.of(options.address()) : options.join();
    return new JoinSeedNodes(
        join.stream().map(seed -> new Address("pekko", SYSTEM, seed.host(), seed.port())).toList());
  }

  /**
   * @param join nodes to join through; {@code address} itself to start a cluster; none to wait
   */
  public static Config of(
      HostPort address,
      List<HostPort> join,
      Set<Role> roles,
      TransportSecurity transport,
      LostAfter lostAfter) {
    Config own =
        ConfigFactory.parseMap(
            Map.of(
                "pekko.remote.artery.canonical.hostname",
                address.host(),
                "pekko.remote.artery.canonical.port",
                address.port(),
                "pekko.cluster.roles",
                roles.stream().map(Role::text).sorted().toList(),
                "pekko.cluster.seed-nodes",
                join.stream().map(seed -> "pekko://" + SYSTEM + "@" + seed).toList(),
                VersionCheck.KEY,
                ProtocolVersion.CURRENT));
    return own.withFallback(transport.pekko())
        .withFallback(lostAfter.pekko())
        .withFallback(ConfigFactory.parseResourcesAnySyntax("troupe-node"))
        .withFallback(ConfigFactory.parseResourcesAnySyntax("troupe-cluster"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }
}
