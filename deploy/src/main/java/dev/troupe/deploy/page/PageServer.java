package dev.troupe.deploy.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.troupe.deploy.watch.RunView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves a run's page to browsers on this machine.
 *
 * <p>The JDK's own server on virtual threads: it is up in a few milliseconds, where an actor-based
 * one would load a thousand classes more before the first optimizer step.
 */
public final class PageServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads;

  private PageServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Serves {@code views} on loopback, and takes orders.
   *
   * @param port 0 = any free one
   */
  public static PageServer start(int port, Supplier<RunView> views, PageOrders orders)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server = HttpServer.create(address, 0);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("page-", 0).factory());
    RunPage page = new RunPage(views);
    server.setExecutor(threads);
    server.createContext("/", exchange -> serve(exchange, page, orders));
    server.start();
    return new PageServer(server, threads);
  }

  /** Where browsers find it. */
  public String address() {
    return "http://127.0.0.1:" + port() + "/";
  }

  /** Other sites must not read it through a name that leads to loopback. */
  private static void serve(HttpExchange exchange, RunPage page, PageOrders orders)
      throws IOException {
    String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
    String name = host.replaceFirst(":[0-9]+$", "");
    try (exchange) {
      if (!name.equals("127.0.0.1") && !name.equals("localhost")) {
        RunPage.send(
            exchange, 403, "text/plain", RunPage.bytes("ask for 127.0.0.1 or localhost\n"));
      } else if (exchange.getRequestMethod().equals("POST")) {
        orders.handle(exchange, exchange.getRequestURI().getPath());
      } else if (!exchange.getRequestMethod().equals("GET")) {
        RunPage.send(exchange, 405, "text/plain", RunPage.bytes("only GET and POST\n"));
      } else {
        page.handle(exchange, exchange.getRequestURI().getPath());
      }
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
