package dev.troupe.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileRoutesTest {
  private static final int BYTES_MAX = 1_000;
  private static final int BYTES = 32 << 20;
  private static final String HASH = "0".repeat(64);

  @TempDir Path folder = Path.of("");

  private final HttpServer server;

  FileRoutesTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    FileRoutes routes = new FileRoutes(BYTES_MAX);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            Request request = new Request(exchange);
            try {
              routes.handle(request, HASH, folder);
            } catch (HttpProblem problem) {
              request.problem(problem);
            }
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void whoSendsWhatIsRefusedHearsWhyHoweverLargeItIs() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(uri)
                  .expectContinue(true)
                  .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[BYTES]))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body())
          .contains("a file of [" + BYTES + "] bytes is larger than [" + BYTES_MAX + "]");
    }
  }
}
