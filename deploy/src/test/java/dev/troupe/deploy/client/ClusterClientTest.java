package dev.troupe.deploy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.ProtocolVersion;
import dev.troupe.actors.cluster.Role;
import dev.troupe.deploy.api.Access;
import dev.troupe.deploy.api.FollowedRuns;
import dev.troupe.deploy.api.NodeCard;
import dev.troupe.deploy.api.NodeServer;
import dev.troupe.deploy.api.PretendCluster;
import dev.troupe.deploy.node.Addresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterClientTest {
  private static final String HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir Path folder = Path.of("");

  private final Addresses addresses = Addresses.free(new HostPort("127.0.0.1", 0));
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> waited = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void asksForViewsRunsLogsAndFiles() throws IOException {
    PretendCluster cluster =
        new PretendCluster(folder.resolve("files")).with(PretendCluster.twoNodes());
    serve(cluster);
    ClusterClient client = client();

    assertThat(client.view()).isEqualTo(PretendCluster.twoNodes());
    assertThat(client.run("sums", RunReport.Seen.nothing()).run())
        .isEqualTo(PretendCluster.twoNodes().runs().getFirst());
    assertThat(client.run("my run", "stop")).isEqualTo("stop my run is done");
    assertThat(client.drain("worker-1", true)).isEqualTo("drain worker-1 now is done");
    assertThat(client.log("worker-1", 10)).isEqualTo("log worker-1 10 is done");
    assertThat(client.has(HELLO)).isFalse();
    client.upload(HELLO, Files.writeString(folder.resolve("hello"), "hello"));
    assertThat(client.has(HELLO)).isTrue();
    assertThat(client.page("my run")).isEqualTo("http://" + addresses.api() + "/runs/my%20run/");
  }

  @Test
  void whereNobodyAnswersItSaysSoAtOnceWithWhatToDo() {
    assertThatThrownBy(() -> client().view())
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("no cluster at [" + addresses.cluster() + "]")
        .hasMessageContaining("[" + addresses.api() + "]: connection refused")
        .hasMessageContaining("--to HOST:PORT");
    assertThat(waited).isEmpty();
  }

  @Test
  void whatIsNotTroupeIsNamed() throws IOException {
    answerEverything("<html>hello</html>");

    assertThatThrownBy(() -> client().view())
        .hasMessageContaining("what answers at [" + addresses.api() + "] is no node of Troupe");
  }

  @Test
  void anotherProtocolVersionIsRefusedWithBothNamed() throws IOException {
    answerEverything(
        """
        {"program":"troupe","release":"9.9","protocol":99,"name":"head-1","roles":["head"],
         "address":"127.0.0.1:7355","up":true}\
        """);

    assertThatThrownBy(() -> client().view())
        .hasMessageContaining("speaks version [99] of the protocol (release 9.9)")
        .hasMessageContaining("this program speaks [" + ProtocolVersion.CURRENT + "]");
  }

  @Test
  void waitsForAHeadThatTakesOverAndSaysWhatFor() throws IOException {
    PretendCluster cluster = new PretendCluster(folder).with(PretendCluster.twoNodes());
    serve(cluster);
    ClusterClient client =
        new ClusterClient(
            List.of(addresses.cluster()),
            Access.open(),
            Duration.ofSeconds(60),
            words -> {
              waited.add(words);
              cluster.activate();
            },
            nanos::get);
    open.add(client);
    client.view();
    cluster.withHead(Optional.empty());

    assertThat(client.view()).isEqualTo(PretendCluster.twoNodes());
    assertThat(waited).hasSize(1);
    assertThat(waited.getFirst()).contains("at most 60 s: no head is active at this moment");
  }

  @Test
  void givesUpWhenItsPatienceIsOver() throws IOException {
    serve(new PretendCluster(folder).withHead(Optional.empty()));
    ClusterClient client =
        new ClusterClient(
            List.of(addresses.cluster()),
            Access.open(),
            Duration.ofSeconds(60),
            waited::add,
            () -> nanos.addAndGet(Duration.ofSeconds(30).toNanos()));
    open.add(client);

    assertThatThrownBy(client::view)
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("for 60 s")
        .hasMessageContaining("no head is active");
  }

  @Test
  void asksOtherNodesThatTheClusterNamedWhenItsOwnIsGone() throws Exception {
    PretendCluster cluster = new PretendCluster(folder).with(PretendCluster.twoNodes());
    NodeServer first = serve(cluster);
    Addresses others = Addresses.free(new HostPort("127.0.0.1", 0));
    serve(cluster, others);
    ClusterClient client =
        new ClusterClient(
            List.of(addresses.cluster(), others.cluster()),
            Access.open(),
            Duration.ofSeconds(60),
            waited::add,
            nanos::get);
    open.add(client);
    client.view();
    first.close();

    assertThat(client.view()).isEqualTo(PretendCluster.twoNodes());
    assertThat(client.page("sums")).startsWith("http://" + others.api());
    assertThat(waited).isEmpty();
  }

  @Test
  void whatAHeadDidThatDiedBeforeItSaidSoIsAskedAgainAndTheUserIsTold() throws IOException {
    PretendCluster cluster = new PretendCluster(folder).with(PretendCluster.twoNodes());
    serveAndLoseAnAnswer(cluster);

    assertThat(client().run("sums", "pause")).isEqualTo("pause sums is done");

    assertThat(cluster.asked()).containsExactly("pause sums", "pause sums");
    assertThat(waited).hasSize(1);
    assertThat(waited.getFirst())
        .contains("waiting for the cluster, at most 60 s")
        .contains("the connection broke before the whole answer was here, as when a node ends")
        .doesNotContain("--keys");
  }

  @Test
  void aRunThatStoppedAtTheFirstAskingIsNoRefusalAtTheSecond() throws IOException {
    ClusterView.Run sums = PretendCluster.twoNodes().runs().getFirst();
    ClusterView.Run stopped =
        new ClusterView.Run(
            "refused", ClusterView.RunState.STOPPED, "", 1.0, sums.status(), "stopped", List.of());
    PretendCluster cluster =
        new PretendCluster(folder).with(new ClusterView("head-1", List.of(), List.of(stopped)));
    serveAndLoseAnAnswer(cluster);
    ClusterClient client = client();

    assertThat(client.run("refused", "stop")).isEqualTo("run [refused] has stopped");
    assertThatThrownBy(() -> client.run("refused", "stop")).hasMessage("stop refused is refused");
  }

  private void serveAndLoseAnAnswer(PretendCluster cluster) throws IOException {
    Addresses behind = Addresses.free(new HostPort("127.0.0.1", 0));
    serve(cluster, behind);
    open.add(new AnswerLoser(addresses.api().port(), behind.api().port()));
  }

  @Test
  void aRefusalComesInTheClustersWords() throws IOException {
    serve(new PretendCluster(folder));

    assertThatThrownBy(() -> client().run("refused", "pause"))
        .isInstanceOf(ClusterException.class)
        .hasMessage("pause refused is refused");
  }

  private ClusterClient client() {
    ClusterClient client =
        new ClusterClient(
            List.of(addresses.cluster()),
            Access.open(),
            Duration.ofSeconds(60),
            waited::add,
            nanos::get);
    open.add(client);
    return client;
  }

  private NodeServer serve(PretendCluster cluster) throws IOException {
    return serve(cluster, addresses);
  }

  private NodeServer serve(PretendCluster cluster, Addresses at) throws IOException {
    NodeServer server =
        NodeServer.start(
            at.api(),
            NodeCard.of("head-1", Set.of(Role.HEAD), at.cluster(), LostAfter.DEFAULT),
            Map.of(),
            new FollowedRuns("head-1", Clock.systemUTC(), nanos::get),
            Access.open());
    server.serve(cluster);
    open.add(server);
    return server;
  }

  private void answerEverything(String text) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), addresses.api().port()), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    open.add(() -> server.stop(0));
  }
}
