package dev.troupe.deploy.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.Stage;
import dev.troupe.deploy.watch.PretendRun;
import dev.troupe.deploy.watch.RunPicture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageServerTest {
  private static final PageOrders NO_ORDERS =
      new PageOrders(
          "secret", () -> {}, () -> {}, _ -> CompletableFuture.completedStage(new Answer.Done("")));

  private final RunPicture picture = new RunPicture("sums", 10, 100, () -> 0);
  private final PageServer server = start(picture);

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "page.css", "page.js", "uplot.js", "uplot.css"})
  void servesThePageFromTheClassPath(String path) throws IOException {
    assertThat(get(path)).hasSizeGreaterThan(500);
  }

  @Test
  void servesTheFiguresAsJsonAndForPrometheus() throws IOException {
    PretendRun run = new PretendRun(picture);
    run.phase(Phase.RUNNING, Stage.REINFORCED);
    run.update(42, 1.25, 0.5);
    run.ledger(20_480);

    JsonObject status = JsonParser.parseString(get("api/status")).getAsJsonObject();

    assertThat(status.get("update").getAsLong()).isEqualTo(42);
    assertThat(status.get("lagMean").getAsDouble()).isEqualTo(1.25);
    assertThat(status.getAsJsonObject("ledger").get("granted").getAsLong()).isEqualTo(21_480);
    assertThat(status.getAsJsonArray("points")).hasSize(1);
    assertThat(get("metrics"))
        .contains("troupe_update{run=\"sums\"} 42.0\n")
        .contains("troupe_trajectories{run=\"sums\",state=\"dropped-stale\"} 20.0\n");
  }

  @Test
  void streamsOnlyThePointsThatAreNew() throws IOException {
    PretendRun run = new PretendRun(picture);
    run.update(1, 1, 0);
    URLConnection connection = URI.create(server.address() + "events").toURL().openConnection();
    try (BufferedReader events =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      JsonObject first = event(events);
      run.update(2, 1, 0);
      JsonObject second = event(events);

      assertThat(first.get("reset").getAsBoolean()).isTrue();
      assertThat(first.getAsJsonArray("points")).hasSize(1);
      assertThat(second.get("reset").getAsBoolean()).isFalse();
      assertThat(second.getAsJsonArray("points").toString()).startsWith("[[12,");
    }
  }

  @Test
  void refusesOtherNamesThatLeadHere() throws IOException {
    int port = URI.create(server.address()).getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).contains(" 403 ");
    }
  }

  private static JsonObject event(BufferedReader events) throws IOException {
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.startsWith("data: ")) {
        return JsonParser.parseString(line.substring(6)).getAsJsonObject();
      }
    }
    throw new AssertionError("the stream ended");
  }

  private String get(String path) throws IOException {
    try (InputStream stream = URI.create(server.address() + path).toURL().openStream()) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static PageServer start(RunPicture picture) {
    try {
      return PageServer.start(0, picture::view, NO_ORDERS);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
