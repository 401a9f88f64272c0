package dev.troupe.actors.security;

import java.nio.file.Path;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import scala.Option;

/**
 * Mutual TLS 1.3 for the cluster's messages, made by Pekko by its name in the configuration.
 *
 * <p>Pekko's own provider that reads PEM files compares subjects instead of host names, fails while
 * files are bad, looks every five minutes and doesn't say whom it refused. This one is the same as
 * for the other two ports: whoever is dialled must show a certificate for the host that was
 * dialled, and whoever dials one that the authority signed. A node's messages and the answers to it
 * take two connections, one dialled by each side, so a node with another's name can't join.
 */
public final class ArteryTls implements SSLEngineProvider {
  static final String FOLDER = "troupe.keys.folder";

  private final Tls tls;

  /** Called by Pekko. */
  public ArteryTls(ActorSystem system) {
    this(
        new Tls(
            Path.of(system.settings().config().getString(FOLDER)),
            () -> Instant.ofEpochMilli(system.startTime()).plusSeconds(system.uptime())));
  }

  ArteryTls(Tls tls) {
    this.tls = tls;
  }

  @Override
  public SSLEngine createServerSSLEngine(String host, int port) {
    return tls.serverEngine(host, port);
  }

  @Override
  public SSLEngine createClientSSLEngine(String host, int port) {
    return tls.clientEngine(host, port);
  }

  @Override
  public Option<Throwable> verifyClientSession(String host, SSLSession session) {
    return Option.empty();
  }

  @Override
  public Option<Throwable> verifyServerSession(String host, SSLSession session) {
    return Option.empty();
  }
}
