package dev.troupe.deploy.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.troupe.deploy.api.Access;
import java.nio.file.Path;
import java.util.Optional;

/** Makes what lets nodes and commands into a cluster, from keys and tokens. */
final class Accesses {
  private Accesses() {}

  /**
   * Of a node.
   *
   * @param transport what the actor system's settings need on top
   */
  record OfNode(Access http, Config transport) {}

  static OfNode ofNode(String host, Optional<Path> keys) {
    return new OfNode(Access.open(), ConfigFactory.empty());
  }

  static Access ofClient(Optional<Path> keys, Optional<Path> token) {
    return Access.open();
  }
}
