package dev.troupe.actors.weights;

import static dev.troupe.actors.weights.WeightsFixture.CHUNK;
import static dev.troupe.actors.weights.WeightsFixture.complete;
import static dev.troupe.actors.weights.WeightsFixture.publish;
import static dev.troupe.actors.weights.WeightsFixture.tensors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.actors.weights.WeightsFixture.Node;
import dev.troupe.protocol.policy.PolicyManifest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(90)
final class WeightServerTest {
  private static final WeightServer.Limits SHORT =
      new WeightServer.Limits(
          4, Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofMillis(500));

  @TempDir Path folder;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private WeightsFixture nodes;
  private WeightStore store;
  private PolicyManifest manifest;
  private WeightServer server;

  @BeforeEach
  void open() throws IOException {
    nodes = new WeightsFixture(folder);
    store = nodes.store("learner");
    manifest = publish(store, 1, 20);
    server = start(InetAddress.getLoopbackAddress(), 0);
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void close() throws Exception {
    logger().detachAppender(log);
    nodes.closeAll();
  }

  private WeightServer start(InetAddress host, int port) throws IOException {
    return nodes.opened(
        WeightServer.start(
            store,
            new InetSocketAddress(host, port),
            new TransportSecurity.Plain(),
            SHORT,
            WeightsFixture.THREADS,
            System::nanoTime));
  }

  @Test
  void anotherProtocolVersionIsRefusedWithBothNamed() throws Exception {
    try (SocketChannel client = connect()) {
      send(client, WeightWire.greeting(7, 0));

      ByteBuffer answer = receive(client, WeightWire.GREETING_BYTES);
      assertThat(answer.getInt()).isEqualTo(WeightWire.MAGIC);
      assertThat(answer.getShort()).isEqualTo((short) WeightWire.VERSION);
      assertThat(answer.getShort()).isEqualTo((short) WeightWire.OTHER_VERSION);
      assertEnds(client);
      awaitLog("version [7]", "this node version [2]");
    }
  }

  @Test
  void aPullerNamesTheOtherVersionToo() throws Exception {
    try (ServerSocketChannel other = ServerSocketChannel.open()) {
      other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (true) {
                    try (SocketChannel client = other.accept()) {
                      receive(client, WeightWire.GREETING_BYTES);
                      send(client, WeightWire.greeting(9, WeightWire.OTHER_VERSION));
                    }
                  }
                } catch (IOException _) {
                  // Closed.
                }
              });
      Node worker = nodes.node("worker");

      PullOutcome outcome =
          worker.pull(manifest, new WeightSource("127.0.0.1", other.socket().getLocalPort(), true));

      assertThat(outcome).isInstanceOf(PullOutcome.Failed.class);
      assertThat(((PullOutcome.Failed) outcome).why())
          .contains("version [9]", "this node version [2]");
    }
  }

  @Test
  void whoeverIsNoNodeIsCutOff() throws Exception {
    try (SocketChannel client = connect()) {
      send(client, ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      assertEnds(client);
      awaitLog("is no node of Troupe", "[47455420]");
    }
  }

  @Test
  void chunksThatThereAreNotEndTheConnection() throws Exception {
    for (int chunk : new int[] {-1, 20, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      try (SocketChannel client = greeted()) {
        send(client, WeightWire.request(WeightWire.GET, chunk, manifest.digest()));
        assertEnds(client);
        awaitLog("asked for chunk [" + chunk + "], there are [20]");
      }
    }
  }

  @Test
  void anUnknownOperationEndsTheConnection() throws Exception {
    try (SocketChannel client = greeted()) {
      send(client, WeightWire.request(77, 0, manifest.digest()));
      assertEnds(client);
      awaitLog("operation [77]");
    }
  }

  @Test
  void anUnknownImageIsAbsent() throws Exception {
    try (SocketChannel client = greeted()) {
      send(client, WeightWire.request(WeightWire.GET, 3, "00".repeat(32)));
      ByteBuffer answer = receive(client, WeightWire.ANSWER_BYTES);
      assertThat(answer.getInt()).isEqualTo(WeightWire.ABSENT);
      assertThat(answer.getInt()).isEqualTo(3);
      assertThat(answer.getInt()).isZero();
    }
  }

  @Test
  void whoeverSpeaksTooSlowlyIsCutOff() throws Exception {
    try (SocketChannel silent = connect();
        SocketChannel slow = greeted()) {
      send(slow, WeightWire.request(WeightWire.GET, 3, manifest.digest()).limit(7));
      assertEnds(silent);
      assertEnds(slow);
      awaitLog("was too slow at [the greeting]");
      awaitLog("was too slow at [reading a request]");
    }
  }

  @Test
  void whoeverDoesntReadIsCutOff() throws Exception {
    PolicyManifest large = publish(store, 2, tensors(32 << 20, 2), 1 << 20);
    try (SocketChannel client = greeted()) {
      for (int chunk = 0; chunk < 32; chunk++) {
        send(client, WeightWire.request(WeightWire.GET, chunk, large.digest()));
      }
      awaitLog("was too slow at [sending]");
    }
  }

  @Test
  void connectionsAreBounded() throws Exception {
    List<SocketChannel> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        clients.add(greeted());
      }
      try (SocketChannel oneMore = connect()) {
        ByteBuffer answer = receive(oneMore, WeightWire.GREETING_BYTES);
        assertThat(answer.getShort(6)).isEqualTo((short) WeightWire.FULL);
        assertEnds(oneMore);
      }
    } finally {
      for (SocketChannel client : clients) {
        client.close();
      }
    }
    await().until(() -> server.connections() == 0);
    assertServes();
  }

  @Test
  void randomBytesHarmNobody() throws Exception {
    long seed = System.nanoTime();
    System.out.println("randomBytesHarmNobody seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      try (SocketChannel client = random.nextBoolean() ? greetedOrFull() : connect()) {
        if (random.nextInt(4) == 0 && bytes.length > 8) {
          // A request that begins well.
          ByteBuffer.wrap(bytes).putInt(random.nextInt(3)).putInt(random.nextInt());
        }
        send(client, ByteBuffer.wrap(bytes));
      } catch (IOException _) {
        // It was cut off, as it should be.
      }
      await().pollInterval(Duration.ofMillis(2)).until(() -> server.connections() < 4);
    }
    await().until(() -> server.connections() == 0);
    assertServes();
  }

  @Test
  void aTakenPortIsNamed() {
    assertThatThrownBy(() -> start(InetAddress.getLoopbackAddress(), server.port()))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(":" + server.port() + "]")
        .hasMessageContaining("choose another port");
  }

  private void assertServes() throws Exception {
    Node worker = nodes.node("worker");
    complete(worker.pull(manifest, new WeightSource("127.0.0.1", server.port(), true)))
        .file()
        .close();
    assertThat(server.bytesSent()).isGreaterThanOrEqualTo(20L * CHUNK - CHUNK);
  }

  private SocketChannel connect() throws IOException {
    SocketChannel client = SocketChannel.open();
    // Else the operating system takes many megabytes that nobody reads.
    client.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 16);
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    return client;
  }

  private SocketChannel greeted() throws IOException {
    return greeted(Set.of(WeightWire.WELCOME));
  }

  /** For where those who left may not all have been taken notice of. */
  private SocketChannel greetedOrFull() throws IOException {
    return greeted(Set.of(WeightWire.WELCOME, WeightWire.FULL));
  }

  private SocketChannel greeted(Set<Integer> answers) throws IOException {
    SocketChannel client = connect();
    send(client, WeightWire.greeting(WeightWire.VERSION, 0));
    int answer = receive(client, WeightWire.GREETING_BYTES).getShort(6);
    assertThat(answer).isIn(answers);
    return client;
  }

  private static void send(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static ByteBuffer receive(SocketChannel channel, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new IOException("ended after [" + bytes.position() + "] bytes");
      }
    }
    return bytes.flip();
  }

  private static void assertEnds(SocketChannel client) {
    try {
      assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    } catch (IOException _) {
      // A reset is an end, too.
    }
  }

  private void awaitLog(String... parts) {
    await()
        .untilAsserted(
            () ->
                assertThat(List.copyOf(log.list))
                    .anySatisfy(event -> assertThat(event.getFormattedMessage()).contains(parts)));
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(WeightServer.class);
  }
}
