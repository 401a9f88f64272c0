package dev.troupe.deploy.command;

import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.deploy.api.Access;
import dev.troupe.deploy.security.TokenAccess;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * What lets a node into its cluster, and others into the node.
 *
 * @param http of its HTTP server
 * @param transport of its connections with other nodes
 */
record Accesses(Access http, TransportSecurity transport) {

  /**
   * Of a node that listens on {@code host}. Heads ask for the token in their folder; other nodes
   * pass what they are shown on to a head.
   */
  static Accesses of(String host, Set<Role> roles, Path home, Optional<Path> keys, Clock clock) {
    TransportSecurity security = TransportSecurity.of(host, keys, clock);
    Access http =
        roles.contains(Role.HEAD)
            ? TokenAccess.ofNode(security, host, home, new SecureRandom())
            : new PassingOn(security.context());
    return new Accesses(http, security);
  }

  /** Lets everybody ask; the head that the request goes to looks at the token. */
  private record PassingOn(Optional<SSLContext> tls) implements Access {
    @Override
    public Optional<String> token() {
      return Optional.empty();
    }

    @Override
    public boolean admits(Optional<String> token) {
      return true;
    }

    @Override
    public boolean asksForToken() {
      return false;
    }
  }
}
