package dev.troupe.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;

/** The settings of a node's actor system. */
final class NodeConfig {
  static final String SYSTEM = "troupe";

  private NodeConfig() {}

  static Config of(NodeOptions options) {
    HostPort address = options.address();
    List<HostPort> join = options.join().isEmpty() ? List.of(address) : options.join();
    Config own =
        ConfigFactory.parseMap(
            Map.of(
                "pekko.remote.artery.canonical.hostname",
                address.host(),
                "pekko.remote.artery.canonical.port",
                address.port(),
                "pekko.cluster.roles",
                options.roles().stream().map(Role::text).sorted().toList(),
                "pekko.cluster.seed-nodes",
                join.stream().map(seed -> "pekko://" + SYSTEM + "@" + seed).toList(),
                VersionCheck.KEY,
                ProtocolVersion.CURRENT));
    return own.withFallback(options.transport().pekko())
        .withFallback(ConfigFactory.parseResourcesAnySyntax("troupe-node"))
        .withFallback(ConfigFactory.parseResourcesAnySyntax("troupe-cluster"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }
}
