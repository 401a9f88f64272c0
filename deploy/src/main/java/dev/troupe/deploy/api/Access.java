package dev.troupe.deploy.api;

import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Who may use a node's HTTP server, and whether it is encrypted: the one place where keys and
 * tokens meet HTTP, for servers and for clients.
 */
public interface Access {
  /** Encrypts both sides of HTTP; empty = plain. */
  Optional<SSLContext> tls();

  /** What a client shows. */
  Optional<String> token();

  /** Whether who shows {@code token} may ask for more than health and version. */
  boolean admits(Optional<String> token);

  /** Whether anything has to be shown at all. */
  boolean asksForToken();

  /** For loopback: plain, and everybody on this machine may. */
  static Access open() {
    return plain(Optional.empty());
  }

  /** For a server on loopback: plain, showing {@code token} where it asks for one. */
  static Access plain(Optional<String> token) {
    return new Access() {
      @Override
      public Optional<SSLContext> tls() {
        return Optional.empty();
      }

      @Override
      public Optional<String> token() {
        return token;
      }

      @Override
      public boolean admits(Optional<String> shown) {
        return token.isEmpty() || token.equals(shown);
      }

      @Override
      public boolean asksForToken() {
        return token.isPresent();
      }
    };
  }
}
