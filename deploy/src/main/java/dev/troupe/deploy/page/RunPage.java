package dev.troupe.deploy.page;

import com.sun.net.httpserver.HttpExchange;
import dev.troupe.deploy.metrics.Exposition;
import dev.troupe.deploy.watch.RunView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * What browsers get of one run: the page ({@code /}), its figures as a stream of events ({@code
 * /events}), once as JSON ({@code /api/status}), and for Prometheus ({@code /metrics}). Everything
 * the page needs comes from the class path.
 */
public final class RunPage {
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

  private final Supplier<RunView> views;
  private final Semaphore watchers = new Semaphore(WATCHERS_MAX);

  /** Shows {@code views}. */
  public RunPage(Supplier<RunView> views) {
    this.views = views;
  }

  /**
   * Answers a GET; the exchange stays the caller's.
   *
   * @param path within the page, from its slash on
   */
  public void handle(HttpExchange exchange, String path) throws IOException {
    switch (path) {
      case "/events" -> events(exchange);
      case "/api/status" -> status(exchange);
      case "/metrics" -> metrics(exchange);
      default -> asset(exchange, path);
    }
  }

  private static void asset(HttpExchange exchange, String path) throws IOException {
    String resource = ASSETS.get(path);
    try (InputStream stream =
        resource == null ? null : RunPage.class.getResourceAsStream(resource)) {
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
    Exposition figures = new Exposition();
    RunFamilies.add(figures, views.get());
    send(exchange, 200, Exposition.TYPE, bytes(figures.text()));
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

  static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
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

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
