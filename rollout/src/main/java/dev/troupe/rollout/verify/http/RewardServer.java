package dev.troupe.rollout.verify.http;

import dev.troupe.rollout.verify.http.BoundedBody.Body;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A server that is asked for verdicts, again where it fails. */
final class RewardServer implements AutoCloseable {
  private static final String AUTHORIZATION = "Authorization";

  private final HttpSettings settings;
  private final Map<String, String> variables;

  /** Made when it is needed: most rules are made to be looked at. */
  private @Nullable HttpClient client;

  /**
   * @param variables of this process, one of which may hold the token
   */
  RewardServer(HttpSettings settings, Map<String, String> variables) {
    this.settings = settings;
    this.variables = Map.copyOf(variables);
  }

  /** What the server says to {@code text}. */
  Reply post(String text, Deadline deadline) throws InterruptedException {
    Optional<String> problem = tokenProblem();
    if (problem.isPresent()) {
      return new Reply.Refused(problem.get());
    }
    HttpRequest request = request(text);
    Reply reply = once(request, deadline);
    Duration pause = settings.pause();
    for (int i = 0; i < settings.retries() && reply instanceof Reply.Failed; i++) {
      if (!deadline.allowsPause(pause)) {
        return new Reply.Late();
      }
      reply = once(request, deadline);
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(HttpSettings.PAUSE_MAX) < 0 ? doubled : HttpSettings.PAUSE_MAX;
    }
    return reply;
  }

  /** Why there is no token where one is wanted. */
  Optional<String> tokenProblem() {
    if (settings.tokenVariable().isBlank()) {
      return Optional.empty();
    }
    Optional<String> token = token();
    if (token.isEmpty()) {
      return Optional.of(
          "the environment variable [" + settings.tokenVariable() + "] isn't set here");
    }
    // What can't be in a header would be shown by the message that says so.
    return token.get().chars().allMatch(c -> c > ' ' && c <= '~')
        ? Optional.empty()
        : Optional.of(
            "the environment variable ["
                + settings.tokenVariable()
                + "] holds characters that a token can't have");
  }

  /** Why no connection comes about. */
  Optional<String> connectionProblem() {
    URI uri = settings.uri();
    int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    int port = uri.getPort() < 0 ? standard : uri.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(uri.getHost(), port), (int) settings.connectLimit().toMillis());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.toString());
    }
  }

  private Optional<String> token() {
    return Optional.ofNullable(variables.get(settings.tokenVariable()))
        .map(String::strip)
        .filter(token -> !token.isEmpty());
  }

  private HttpRequest request(String text) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.uri())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(text));
    boolean isBearer = settings.header().equalsIgnoreCase(AUTHORIZATION);
    token()
        .ifPresent(
            token -> request.header(settings.header(), isBearer ? "Bearer " + token : token));
    return request.build();
  }

  private Reply once(HttpRequest request, Deadline deadline) throws InterruptedException {
    CompletableFuture<HttpResponse<Body>> exchange =
        client().sendAsync(request, _ -> new BoundedBody(settings.responseBytes()));
    try {
      return deadline.allows(exchange) ? reply(exchange.get()) : new Reply.Late();
    } catch (ExecutionException e) {
      return new Reply.Failed(words(e.getCause()));
    } finally {
      exchange.cancel(true);
    }
  }

  private Reply reply(HttpResponse<Body> response) {
    int status = response.statusCode();
    String text = withoutToken(response.body().text());
    String said = "it answered [" + status + "] [" + Quote.of(text) + "]";
    if (status >= 200 && status < 300) {
      return response.body().isCut() ? new Reply.TooLong(Quote.of(text)) : new Reply.Said(text);
    } else if (status >= 300 && status < 400) {
      String target = withoutToken(response.headers().firstValue("Location").orElse(""));
      return new Reply.Refused(
          "it answered ["
              + status
              + "], to go on at ["
              + Quote.of(target)
              + "]: name that url if it is right");
    } else if (status == 429 || status >= 500) {
      return new Reply.Failed(said);
    }
    return new Reply.Refused(said);
  }

  /** Servers that repeat what they were sent repeat the token. */
  private String withoutToken(String text) {
    return token().map(token -> text.replace(token, "…")).orElse(text);
  }

  private String words(@Nullable Throwable error) {
    return switch (error) {
      case HttpConnectTimeoutException _ ->
          "no connection within [" + settings.connectLimit().toMillis() + " ms]";
      case ConnectException _ -> "no connection: it is refused, or there is no such host";
      case null, default -> "the connection broke: " + error;
    };
  }

  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              // Servers in Python answer the offer of HTTP/2 with warnings, or not at all.
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(settings.connectLimit())
              .build();
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
      client = null;
    }
  }
}
