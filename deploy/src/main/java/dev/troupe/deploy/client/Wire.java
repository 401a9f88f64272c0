package dev.troupe.deploy.client;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.ProtocolVersion;
import dev.troupe.deploy.api.Access;
import dev.troupe.deploy.api.NodeCard;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/** One request to one node's HTTP server. */
final class Wire implements AutoCloseable {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

  private final HttpClient client;
  private final Access access;
  private final Set<HostPort> doubted = ConcurrentHashMap.newKeySet();

  Wire(Access access) {
    this.access = access;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .executor(
                runnable -> {
                  var _ = Thread.ofVirtual().name("client").start(runnable);
                });
    access.tls().ifPresent(builder::sslContext);
    client = builder.build();
  }

  /** The HTTP server of the node at {@code node}: one port above. */
  static HostPort api(HostPort node) {
    return new HostPort(node.host(), node.port() + 1);
  }

  HttpRequest.Builder request(HostPort api, String path) {
    URI uri = URI.create((access.tls().isPresent() ? "https://" : "http://") + api + path);
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(ANSWER_WITHIN);
    access.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    return builder;
  }

  Reply send(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Reply(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException(ClusterException.Kind.UNREACHABLE, "interrupted");
    }
  }

  /**
   * Who answers at {@code api}.
   *
   * @throws IOException where nobody does
   * @throws ClusterException where it is no node of Troupe, or of another protocol version, or
   *     where the port below is the HTTP port of a node: somebody took it for the node's address
   */
  NodeCard card(HostPort api) throws IOException {
    Optional<NodeCard> card;
    try {
      card = cardAt(api);
    } catch (IOException e) {
      // Where nobody listens, once will do: what is below may be something else that is disturbed.
      if (!(e instanceof ConnectException) || doubted.add(api)) {
        requireNoHttpPort(api);
      }
      throw e;
    }
    if (card.isEmpty()) {
      requireNoHttpPort(api);
      throw new ClusterException(
          ClusterException.Kind.STRANGER,
          "what answers at ["
              + api
              + "] is no node of Troupe; a node's HTTP server is one port above its address, so"
              + " that address would be ["
              + new HostPort(api.host(), api.port() - 1)
              + "]");
    }
    if (card.get().protocol() != ProtocolVersion.CURRENT) {
      throw new ClusterException(
          ClusterException.Kind.STRANGER,
          "node ["
              + card.get().name()
              + "] at ["
              + card.get().address()
              + "] speaks version ["
              + card.get().protocol()
              + "] of the protocol (release "
              + card.get().release()
              + "), this program speaks ["
              + ProtocolVersion.CURRENT
              + "] (release "
              + NodeCard.thisRelease()
              + "): use the same release on both sides");
    }
    return card.get();
  }

  private Optional<NodeCard> cardAt(HostPort api) throws IOException {
    Reply reply = send(request(api, "/api/version").build());
    return reply.isFine() ? NodeCard.read(reply.body()) : Optional.empty();
  }

  /** The ports of a node stand beside each other, so one is easily named for the other. */
  private void requireNoHttpPort(HostPort api) {
    HostPort named = new HostPort(api.host(), api.port() - 1);
    Optional<NodeCard> card;
    try {
      card = cardAt(named);
    } catch (IOException _) {
      return;
    }
    if (card.isPresent()) {
      throw new ClusterException(
          ClusterException.Kind.STRANGER,
          "["
              + named
              + "] is the HTTP port of node ["
              + card.get().name()
              + "]; commands and other nodes name it by its node port, one below: use ["
              + card.get().address()
              + "]");
    }
  }

  /**
   * Why {@code e} happened, for people.
   *
   * @param met whether a node of the cluster has answered before: then it is no stranger who breaks
   *     a connection, but a node that ends
   */
  static String why(IOException e, boolean met) {
    if (e instanceof HttpConnectTimeoutException) {
      return "no connection within " + CONNECT_WITHIN.toSeconds() + " s";
    }
    if (e instanceof HttpTimeoutException) {
      return "no answer within " + ANSWER_WITHIN.toSeconds() + " s";
    }
    if (e instanceof SSLException) {
      return "no encrypted connection: "
          + e.getMessage()
          + "; have both sides keys of the same cluster (--keys DIR)?";
    }
    if (e instanceof ConnectException) {
      return e.getCause() instanceof ConnectException
              && e.getCause().getCause() instanceof UnresolvedAddressException
          ? "the host is unknown"
          : "connection refused";
    }
    if (e instanceof UnknownHostException) {
      return "the host is unknown";
    }
    if (met) {
      return "the connection broke before the whole answer was here, as when a node ends";
    }
    String message = String.valueOf(e.getMessage());
    return message.contains("header parser received no bytes")
            || message.contains("parsing HTTP/1.1 status line")
        ? "what came back is no answer over HTTP; if the cluster uses TLS, name its keys"
            + " with --keys DIR"
        : message;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
