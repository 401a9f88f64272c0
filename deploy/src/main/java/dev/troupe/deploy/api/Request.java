package dev.troupe.deploy.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request and its reply. */
final class Request {
  private final HttpExchange exchange;
  private final List<String> segments;
  private final Map<String, String> query = new HashMap<>();

  /**
   * Reads the request's line.
   *
   * @throws HttpProblem for an address that can't be decoded
   */
  Request(HttpExchange exchange) {
    this.exchange = exchange;
    try {
      segments =
          Arrays.stream(exchange.getRequestURI().getRawPath().substring(1).split("/", -1))
              .map(Request::decoded)
              .toList();
      String parameters = exchange.getRequestURI().getRawQuery();
      for (String pair : parameters == null ? new String[0] : parameters.split("&", -1)) {
        String[] parts = pair.split("=", 2);
        query.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
      }
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      throw new HttpProblem(
          HttpProblem.BAD_REQUEST, "[" + exchange.getRequestURI() + "] is no address");
    }
  }

  /** A plus is a plus in a path. */
  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  HttpExchange exchange() {
    return exchange;
  }

  String method() {
    return exchange.getRequestMethod();
  }

  /** Refuses every method but {@code methods}. */
  void only(String... methods) {
    if (!List.of(methods).contains(method())) {
      throw new HttpProblem(
          HttpProblem.METHOD_NOT_ALLOWED,
          "got [" + method() + "], expected " + String.join(" or ", methods));
    }
  }

  String path() {
    return exchange.getRequestURI().getPath();
  }

  /** Parts of the path; the last one is empty where the path ends with a slash. */
  List<String> segments() {
    return segments;
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A whole number in the query. */
  long number(String name, long otherwise) {
    String text = query.getOrDefault(name, "");
    try {
      return text.isEmpty() ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new HttpProblem(
          HttpProblem.BAD_REQUEST, name + ": got [" + text + "], expected a whole number");
    }
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** The whole body, refused where it is longer than {@code bytesMax}. */
  byte[] body(int bytesMax) throws IOException {
    InputStream stream = exchange.getRequestBody();
    byte[] bytes = stream.readNBytes(bytesMax + 1);
    if (bytes.length > bytesMax) {
      throw new HttpProblem(
          HttpProblem.TOO_LARGE, "the body is longer than [" + bytesMax + "] bytes");
    }
    return bytes;
  }

  void reply(int status, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    if (method().equals("HEAD") || body.length == 0) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  void json(int status, JsonElement json) throws IOException {
    reply(status, "application/json", (json + "\n").getBytes(StandardCharsets.UTF_8));
  }

  void text(int status, String text) throws IOException {
    reply(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  void problem(HttpProblem problem) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("error", problem.words());
    if (problem.status() == HttpProblem.UNAVAILABLE) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    if (problem.status() == HttpProblem.UNAUTHORIZED) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"troupe\"");
    }
    json(problem.status(), json);
  }
}
