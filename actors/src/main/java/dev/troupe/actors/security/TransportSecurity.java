package dev.troupe.actors.security;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How a node's connections are protected: the cluster's messages, weights, and the HTTP API.
 *
 * <p>The rule: on loopback without keys plain; with keys TLS, on loopback, too; a node that others
 * can reach doesn't start without keys.
 */
public sealed interface TransportSecurity {

  /** Only this machine can connect, and nothing is encrypted. */
  record Plain() implements TransportSecurity {
    @Override
    public Config pekko() {
      return ConfigFactory.empty();
    }

    @Override
    public Optional<SSLContext> context() {
      return Optional.empty();
    }
  }

  /** Both ends show certificates that the cluster's authority signed. */
  final class MutualTls implements TransportSecurity {
    private final Tls tls;

    private MutualTls(Tls tls) {
      this.tls = tls;
    }

    /** The newest good keys. */
    public NodeKeys keys() {
      return tls.keys();
    }

    @Override
    public Config pekko() {
      return ConfigFactory.parseMap(
          Map.of(
              "pekko.remote.artery.transport",
              "tls-tcp",
              "pekko.remote.artery.ssl.ssl-engine-provider",
              ArteryTls.class.getName(),
              ArteryTls.FOLDER,
              keys().folder().toString()));
    }

    @Override
    public Optional<SSLContext> context() {
      return Optional.of(tls.context());
    }
  }

  /** What the actor system's configuration needs on top. */
  Config pekko();

  /**
   * For HTTPS and for weights; empty = plain. Asked for once: each connection finds the newest
   * keys. Between nodes both ends ask for a certificate, and who dials for the name.
   */
  Optional<SSLContext> context();

  /**
   * By where a node listens and which keys it has.
   *
   * @param host name or address that the node listens on and others dial
   * @param keys folder of {@code ca.crt}, {@code node.crt} and {@code node.key}
   * @throws KeysException if it must not start like that, saying what to do
   */
  static TransportSecurity of(String host, Optional<Path> keys, InstantSource clock) {
    boolean loopback = isLoopback(host);
    if (keys.isPresent()) {
      Tls tls = new Tls(keys.get().toAbsolutePath().normalize(), clock);
      requireName(tls.keys(), host);
      return new MutualTls(tls);
    }
    if (!loopback) {
      throw new KeysException(
          """
          a node on [%s] can be reached from other machines: got no keys, expected --keys DIR with ca.crt, node.crt and node.key. Make them, on one machine for all nodes:
            ./troupe keys init
            ./troupe keys node NAME --host %s
          copy the folder keys/nodes/NAME to this machine, and add --keys FOLDER. Or listen on loopback only: --bind 127.0.0.1:7355\
          """
              .formatted(host, host));
    }
    return new Plain();
  }

  /**
   * For a program that is no node and talks to a node's HTTPS API: trusts the authorities in {@code
   * keys}, of which it needs {@code ca.crt} only.
   */
  static SSLContext trusting(Path keys, InstantSource clock) {
    Path file = keys.resolve(KeyFiles.AUTHORITY);
    return CurrentKeys.trusting(
        Pem.certificates(KeyFiles.text(keys, KeyFiles.AUTHORITY), file), new RefusalLog(clock));
  }

  /** Whether only this machine can connect to what listens on {@code host}. */
  static boolean isLoopback(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      throw new KeysException(
          "host [%s] is unknown on this machine: give an address, or a name that leads to one"
              .formatted(host),
          e);
    }
  }

  private static void requireName(NodeKeys keys, String host) {
    boolean everywhere = Names.address(host).filter(InetAddress::isAnyLocalAddress).isPresent();
    if (!everywhere && !Names.match(keys.names(), host)) {
      throw new KeysException(
          "[%s]: got a certificate for %s, expected one for [%s], where this node listens: the others would refuse it; make it again: ./troupe keys node NAME --host %s --force"
              .formatted(keys.folder().resolve(KeyFiles.CERTIFICATE), keys.names(), host, host));
    }
  }

  /** When the keys end; empty without keys. */
  default Optional<Instant> expires() {
    return switch (this) {
      case Plain _ -> Optional.empty();
      case MutualTls tls -> Optional.of(tls.keys().expires());
    };
  }
}
