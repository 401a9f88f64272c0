package dev.troupe.deploy.api;

import com.sun.net.httpserver.HttpExchange;
import dev.troupe.actors.cluster.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Passes a request on to the active head, and its answer back, both as streams. */
final class Forwarder {
  /** Says that a request was passed on already: it isn't twice. */
  static final String FORWARDED = "Troupe-Forwarded";

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);
  private static final int BUFFER_BYTES = 1 << 16;
  private static final List<String> REQUEST_HEADERS =
      List.of("Authorization", "Cookie", "Content-Type", "Accept");
  private static final List<String> RESPONSE_HEADERS =
      List.of("Content-Type", "Cache-Control", "Location", "Retry-After", "WWW-Authenticate");

  private final String node;
  private final boolean encrypted;
  private final HttpClient client;

  Forwarder(String node, Access access) {
    this.node = node;
    this.encrypted = access.tls().isPresent();
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_WITHIN)
            .executor(
                runnable -> {
                  var _ = Thread.ofVirtual().name("forward").start(runnable);
                });
    access.tls().ifPresent(builder::sslContext);
    client = builder.build();
  }

  /** Passes {@code request} on to {@code head}. */
  void forward(Request request, HostPort head) throws IOException {
    HttpExchange exchange = request.exchange();
    URI uri = URI.create((encrypted ? "https://" : "http://") + head + exchange.getRequestURI());
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri).method(request.method(), body(request)).header(FORWARDED, node);
    REQUEST_HEADERS.forEach(
        name -> request.header(name).ifPresent(value -> builder.header(name, value)));
    try {
      HttpResponse<InputStream> response =
          client.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
      answer(exchange, request, response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpProblem(HttpProblem.UNAVAILABLE, "this node is closing");
    }
  }

  private static HttpRequest.BodyPublisher body(Request request) {
    long length =
        request
            .header("Content-Length")
            .filter(text -> text.matches("[0-9]{1,18}"))
            .map(Long::parseLong)
            .orElse(0L);
    return length == 0
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.fromPublisher(
            HttpRequest.BodyPublishers.ofInputStream(request.exchange()::getRequestBody), length);
  }

  private static void answer(
      HttpExchange exchange, Request request, HttpResponse<InputStream> response)
      throws IOException {
    RESPONSE_HEADERS.forEach(
        name ->
            response
                .headers()
                .firstValue(name)
                .ifPresent(value -> exchange.getResponseHeaders().set(name, value)));
    long length = response.headers().firstValueAsLong("Content-Length").orElse(0);
    try (InputStream in = response.body()) {
      if (request.method().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
        exchange.sendResponseHeaders(response.statusCode(), -1);
        return;
      }
      exchange.sendResponseHeaders(response.statusCode(), length);
      OutputStream out = exchange.getResponseBody();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        out.flush();
      }
    }
  }
}
