package dev.troupe.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.troupe.actors.security.TransportSecurity;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings of a node's actor system. */
public final class NodeConfig {
  /** Name of every node's actor system. */
  public static final String SYSTEM = "troupe";

  private NodeConfig() {}

  static Config of(NodeOptions options) {
    HostPort address = options.address();
    List<HostPort> join = options.join().isEmpty() ? List.of(address) : options.join();
    return of(address, join, options.roles(), options.transport(), options.lostAfter());
  }

  /**
   * @param join nodes to join through; {@code address} itself to start a cluster
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
