package dev.troupe.deploy.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.troupe.deploy.watch.RunView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Serves a run's page to browsers on this machine: {@code /}, its figures as a stream of events
 * ({@code /events}), once as JSON ({@code /api/status}), and for Prometheus ({@code /metrics}).
 * Everything the page needs comes from the class path.
 *
 * <p>The JDK's own server on virtual threads: it is up in a few milliseconds, where an actor-based
 * one would load a thousand classes more before the first optimizer step.
 */
public final class PageServer implements AutoCloseable {
  private static final int WATCHERS_MAX = 16;
  private static final Duration EVENT_EVERY = Duration.ofSeconds(1);
  private static final String PAGE = "/dev/troupe/deploy/page/";
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final Map<String, String> ASSETS =
      Map.of(
          "/", PAGE + "index.html",
          "/page.css", PAGE + "page.css",
          "/page.js", PAGE + "page.js",
          "/uplot.js", UPLOT + "uPlot.iife.min.js",
          "/uplot.css", UPLOT + "uPlot.min.css");

  private final HttpServer server;
  private final ExecutorService threads;
  private final Supplier<RunView> views;
  private final Semaphore watchers = new Semaphore(WATCHERS_MAX);

  private PageServer(HttpServer server, ExecutorService threads, Supplier<RunView> views) {
    this.server = server;
    this.threads = threads;
    this.views = views;
  }

  /**
   * Serves {@code views} on loopback.
   *
   * @param port 0 = any free one
   */
  public static PageServer start(int port, Supplier<RunView> views) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server = HttpServer.create(address, 0);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("page-", 0).factory());
    PageServer page = new PageServer(server, threads, views);
    server.setExecutor(threads);
    server.createContext("/", page.guarded(page::asset));
    server.createContext("/api/status", page.guarded(page::status));
    server.createContext("/metrics", page.guarded(page::metrics));
    server.createContext("/events", page.guarded(page::events));
    server.start();
    return page;
  }

  /** Where browsers find it. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** Other sites must not read it through a name that leads to loopback. */
  private HttpHandler guarded(HttpHandler handler) {
    return exchange -> {
      String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
      String name = host.replaceFirst(":[0-9]+$", "");
      try (exchange) {
        if (!name.equals("127.0.0.1") && !name.equals("localhost")) {
          send(exchange, 403, "text/plain", bytes("ask for 127.0.0.1 or localhost\n"));
        } else if (!exchange.getRequestMethod().equals("GET")) {
          send(exchange, 405, "text/plain", bytes("only GET\n"));
        } else {
          handler.handle(exchange);
        }
      }
    };
  }

  private void asset(HttpExchange exchange) throws IOException {
    String resource = ASSETS.get(exchange.getRequestURI().getPath());
    try (InputStream stream =
        resource == null ? null : PageServer.class.getResourceAsStream(resource)) {
      if (resource == null || stream == null) {
        send(exchange, 404, "text/plain", bytes("nothing here\n"));
        return;
      }
      send(exchange, 200, type(resource), stream.readAllBytes());
    }
  }

  private void status(HttpExchange exchange) throws IOException {
    String json = ViewJson.of(views.get(), 0, true).toString();
    send(exchange, 200, "application/json", bytes(json + "\n"));
  }

  private void metrics(HttpExchange exchange) throws IOException {
    send(exchange, 200, "text/plain; version=0.0.4", bytes(PrometheusText.of(views.get())));
  }

  private void events(HttpExchange exchange) throws IOException {
    if (!watchers.tryAcquire()) {
      send(exchange, 503, "text/plain", bytes("more than " + WATCHERS_MAX + " watch already\n"));
      return;
    }
    try {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, 0);
      stream(exchange.getResponseBody());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      watchers.release();
    }
  }

  /** Ends with an exception when the browser goes away, or by interruption. */
  private void stream(OutputStream out) throws IOException, InterruptedException {
    int sent = 0;
    boolean first = true;
    while (!Thread.interrupted()) {
      RunView view = views.get();
      // A history shorter than what was sent has been thinned out.
      boolean reset = first || view.history().size() < sent;
      String json = ViewJson.of(view, reset ? 0 : sent, reset).toString();
      out.write(bytes("data: " + json + "\n\n"));
      out.flush();
      sent = view.history().size();
      first = false;
      Thread.sleep(EVENT_EVERY);
    }
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static String type(String resource) {
    if (resource.endsWith(".js")) {
      return "text/javascript; charset=utf-8";
    }
    return (resource.endsWith(".css") ? "text/css" : "text/html") + "; charset=utf-8";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
