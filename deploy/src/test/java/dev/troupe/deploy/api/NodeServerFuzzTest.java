package dev.troupe.deploy.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever comes in over HTTP is answered or refused: never by an error of ours, never by a file
 * somewhere else, and the server goes on.
 */
final class NodeServerFuzzTest {
  private static final long SEED = 7_356;
  private static final int REQUESTS = 500;
  private static final int PATIENCE_MILLIS = 20_000;
  private static final long HEAP_GROWTH_BYTES_MAX = 64L << 20;
  private static final List<String> METHODS =
      List.of(
          "GET", "GET", "POST", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "get", "X");
  private static final List<String> PATHS =
      List.of(
          "/",
          "/health/ready",
          "/metrics",
          "/api/version",
          "/api/cluster",
          "/api/runs",
          "/api/runs/sums",
          "/api/runs/sums?follower=x&after=1",
          "/api/runs/sums/pause",
          "/api/nodes/worker-1/drain?now=true",
          "/api/nodes/worker-1/log?lines=5",
          "/api/files/" + "ab".repeat(32),
          "/runs/sums/",
          "/runs/sums/page.js");
  private static final List<String> PIECES =
      List.of(
          "..",
          "%2e%2e%2f",
          "%2F",
          "%00",
          "%",
          "%zz",
          "//",
          "?",
          "&",
          "=",
          "+",
          ";",
          "#",
          "é",
          "lines=-1",
          "lines=99999999999999999999",
          "after=x",
          "now=",
          "a".repeat(5_000),
          "\\",
          "*");
  private static final List<String> HEADERS =
      List.of(
          "Host: 127.0.0.1",
          "Host: example.org",
          "Host:",
          "Origin: http://example.org",
          "Origin: ::::",
          "Authorization: Bearer x",
          "Authorization: " + "y".repeat(10_000),
          "Cookie: troupe-token=1; =; ;;;",
          "Content-Type: application/json",
          "Troupe-Forwarded: node",
          "Expect: 100-continue",
          "Transfer-Encoding: chunked",
          "Content-Length: -1",
          "Content-Length: 2147483648",
          "Content-Length: 99999999999999999999",
          "Range: bytes=9-1",
          "no colon here",
          ": no name");

  @TempDir Path folder = Path.of("");

  private final Random random = new Random(SEED);
  private Path files = folder;
  private NodeServer server = start();

  private NodeServer start() {
    try {
      return NodeServer.start(
          new HostPort("127.0.0.1", 0),
          NodeCard.of(
              "head-1", Set.of(Role.HEAD), new HostPort("127.0.0.1", 7355), LostAfter.DEFAULT),
          Map.of(),
          new FollowedRuns("head-1", Clock.systemUTC(), () -> 0),
          Access.open());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void serve() {
    files = folder.resolve("home").resolve("files");
    server.serve(new PretendCluster(files).with(PretendCluster.twoNodes()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void strangeRequestsAreAnsweredOrRefused() throws IOException {
    long before = heap();
    for (int i = 0; i < REQUESTS; i++) {
      check(i, request());
    }
    isUnharmed(before);
  }

  @Test
  void strangeBytesAreAnsweredOrRefused() throws IOException {
    long before = heap();
    byte[] good =
        "POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}"
            .getBytes(ISO_8859_1);
    for (int i = 0; i < REQUESTS; i++) {
      byte[] bytes = good.clone();
      for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      check(i, bytes);
    }
    isUnharmed(before);
  }

  @Test
  void submissionsThatAreNoneAreRefusedWithWords() throws IOException {
    List<String> bodies =
        List.of(
            "",
            "null",
            "[]",
            "7",
            "{\"name\":{}}",
            "{\"name\":\"x\",\"recipe\":\"\",\"resume\":true,\"specification\":\"!\"}",
            "{\"name\":\"x\",\"recipe\":\"\",\"resume\":true,\"specification\":\"/////wc=\"}",
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "\"" + "\\u0000".repeat(10_000));
    for (String body : bodies) {
      String answer = send(post("/api/runs", body.getBytes(ISO_8859_1)));
      assertThat(answer)
          .as(body.substring(0, Math.min(80, body.length())))
          .startsWith("HTTP/1.1 400 ")
          .contains("\"error\":\"the body is no submission");
    }
    assertThat(send(post("/api/runs", new byte[(4 << 20) + 1]))).startsWith("HTTP/1.1 413 ");
  }

  private byte[] request() {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    StringBuilder head = new StringBuilder(any(METHODS)).append(' ').append(any(PATHS));
    for (int pieces = random.nextInt(3); pieces > 0; pieces--) {
      head.append(random.nextBoolean() ? "/" : "").append(any(PIECES));
    }
    head.append(" HTTP/1.1\r\n");
    if (random.nextInt(4) > 0) {
      head.append("Host: 127.0.0.1\r\n");
    }
    for (int headers = random.nextInt(4); headers > 0; headers--) {
      head.append(any(HEADERS)).append("\r\n");
    }
    byte[] body = new byte[random.nextInt(4) == 0 ? random.nextInt(20_000) : 0];
    random.nextBytes(body);
    if (random.nextBoolean()) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    request.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private static byte[] post(String path, byte[] body) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + body.length)
            .getBytes(ISO_8859_1));
    request.writeBytes("\r\n\r\n".getBytes(ISO_8859_1));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private void check(int number, byte[] request) throws IOException {
    String what =
        "seed %d, request %d: %s"
            .formatted(
                SEED, number, new String(request, ISO_8859_1).lines().findFirst().orElse(""));
    String answer;
    try {
      answer = send(request);
    } catch (SocketTimeoutException e) {
      throw new AssertionError(
          what
              + "\nno answer to "
              + HexFormat.of().formatHex(request, 0, Math.min(500, request.length)),
          e);
    }
    assertThat(answer.replaceFirst("(?s)^HTTP/1.1 100 .*?\r\n\r\n", ""))
        .as(what)
        .satisfiesAnyOf(
            none -> assertThat(none).isEmpty(),
            some -> assertThat(some).matches("(?s)HTTP/1\\.[01] [234][0-9][0-9] .*"),
            some -> assertThat(some).matches("(?s)HTTP/1\\.[01] 50[13] .*"));
  }

  /** All that comes back; empty if the connection was closed without an answer. */
  private String send(byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
      } catch (IOException _) {
        // It answered before it had read everything.
      }
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(answer);
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException _) {
        // It closed the connection, perhaps after an answer.
      }
      return answer.toString(ISO_8859_1);
    }
  }

  private void isUnharmed(long heapBefore) throws IOException {
    assertThat(
            send(
                "GET /health/alive HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                    .getBytes(ISO_8859_1)))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("alive\n");
    assertThat(heap() - heapBefore).isLessThan(HEAP_GROWTH_BYTES_MAX);
    try (Stream<Path> written = Files.walk(folder)) {
      assertThat(written.filter(Files::isRegularFile))
          .allMatch(file -> file.startsWith(files) && file.getFileName().toString().length() == 64);
    }
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private <T> T any(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }
}
