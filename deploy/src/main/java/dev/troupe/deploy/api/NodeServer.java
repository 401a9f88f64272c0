package dev.troupe.deploy.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.troupe.actors.cluster.ClusterNode;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Runs;
import dev.troupe.deploy.metrics.Exposition;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's HTTP server. Every node answers for itself:
 *
 * <pre>
 * /health/alive   200 while the process works
 * /health/ready   200 while the cluster has the node
 * /api/version    what the node is
 * /metrics        for Prometheus
 * </pre>
 *
 * These need no token. Everything else is the active head's ({@link RunRoutes}); other nodes pass
 * it on to it, and say so where there is none.
 */
public final class NodeServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeServer.class);
  private static final Duration HEAD_WITHIN = Duration.ofSeconds(3);
  private static final Duration FIGURES_WITHIN = Duration.ofSeconds(2);

  private final HttpServer server;
  private final ExecutorService threads;
  private final NodeCard card;
  private final Map<String, Path> disks;
  private final FollowedRuns followed;
  private final Gate gate;
  private final RunRoutes routes;
  private final Forwarder forwarder;
  private volatile @Nullable ClusterNode node;

  private NodeServer(
      HttpServer server,
      ExecutorService threads,
      NodeCard card,
      Map<String, Path> disks,
      FollowedRuns followed,
      Access access) {
    this.server = server;
    this.threads = threads;
    this.card = card;
    this.disks = Map.copyOf(disks);
    this.followed = followed;
    this.gate = new Gate(access, server.getAddress().getAddress().isLoopbackAddress());
    this.routes = new RunRoutes(followed);
    this.forwarder = new Forwarder(card.name(), access);
  }

  /**
   * Listens; what needs the cluster is answered from {@link #serve} on.
   *
   * @param disks folders whose free space is a figure, by what they are for
   * @throws IOException where the address can't be listened on
   */
  public static NodeServer start(
      HostPort address,
      NodeCard card,
      Map<String, Path> disks,
      FollowedRuns followed,
      Access access)
      throws IOException {
    InetSocketAddress socket =
        new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
    Optional<SSLContext> tls = access.tls();
    HttpServer server;
    if (tls.isPresent()) {
      HttpsServer encrypted = HttpsServer.create(socket, 0);
      encrypted.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
      server = encrypted;
    } else {
      server = HttpServer.create(socket, 0);
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
    NodeServer started = new NodeServer(server, threads, card, disks, followed, access);
    server.setExecutor(threads);
    server.createContext("/", started::handle);
    server.start();
    return started;
  }

  /** From now on, {@code node} says what is asked of the cluster. */
  public void serve(ClusterNode node) {
    this.node = node;
  }

  /** Port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = null;
      try {
        request = new Request(exchange);
        answer(request);
      } catch (HttpProblem problem) {
        refuse(exchange, request, problem);
      } catch (ConnectException | HttpConnectTimeoutException e) {
        refuse(exchange, request, noHead());
      } catch (RuntimeException e) {
        LOG.warn("[{}] could not be answered", exchange.getRequestURI(), e);
        refuse(exchange, request, new HttpProblem(HttpProblem.DEFECT, e.toString()));
      }
    }
  }

  private static void refuse(HttpExchange exchange, @Nullable Request request, HttpProblem problem)
      throws IOException {
    if (exchange.getResponseCode() != -1) {
      return;
    }
    if (request == null) {
      byte[] words = problem.words().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(problem.status(), words.length);
      exchange.getResponseBody().write(words);
    } else {
      request.problem(problem);
    }
  }

  private void answer(Request request) throws IOException {
    switch (request.path()) {
      case "/health/alive" -> {
        request.only("GET", "HEAD");
        request.text(200, "alive\n");
      }
      case "/health/ready" -> ready(request);
      case "/api/version" -> {
        request.only("GET", "HEAD");
        request.json(200, card.with(isUp()).json());
      }
      case "/metrics" -> {
        request.only("GET");
        metrics(request);
      }
      default -> {
        if (gate.pass(request)) {
          ask(request);
        }
      }
    }
  }

  private void ready(Request request) throws IOException {
    request.only("GET", "HEAD");
    if (isUp()) {
      request.text(200, "ready\n");
    } else {
      request.text(503, node == null ? "starting\n" : "not in the cluster\n");
    }
  }

  private boolean isUp() {
    ClusterNode current = node;
    return current != null && current.isUp();
  }

  private void metrics(Request request) throws IOException {
    Exposition figures = new Exposition();
    ClusterNode current = node;
    NodeFigures.process(figures, card, isUp());
    disks.forEach((use, folder) -> NodeFigures.disk(figures, card, use, folder));
    if (current != null) {
      NodeFigures.weights(figures, card, current.weights());
    }
    followed.here().forEach(run -> run.add(figures));
    Optional<Runs> runs = current == null ? Optional.empty() : current.runs();
    if (runs.isPresent()) {
      try {
        NodeFigures.cluster(figures, Awaited.of(runs.get().view(), FIGURES_WITHIN));
      } catch (HttpProblem e) {
        LOG.info("no figures of the cluster: {}", e.words());
      }
    }
    request.reply(200, Exposition.TYPE, figures.text().getBytes(StandardCharsets.UTF_8));
  }

  private void ask(Request request) throws IOException {
    ClusterNode current = node;
    if (current == null) {
      throw new HttpProblem(
          HttpProblem.UNAVAILABLE, "node [" + card.name() + "] is still joining its cluster");
    }
    if (request.path().equals("/")) {
      request.only("GET");
      request.exchange().getResponseHeaders().set("Location", "/runs/");
      request.text(302, "");
      return;
    }
    Optional<Runs> runs = current.runs();
    if (runs.isPresent()) {
      routes.handle(request, runs.get());
      return;
    }
    if (request.header(Forwarder.FORWARDED).isPresent()) {
      throw noHead();
    }
    Optional<HostPort> head = Awaited.of(current.activeHead(), HEAD_WITHIN);
    forwarder.forward(request, head.orElseThrow(NodeServer::noHead));
  }

  private static HttpProblem noHead() {
    return new HttpProblem(
        HttpProblem.UNAVAILABLE,
        "no head is active at this moment: another one is taking over, or the only one is away");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
