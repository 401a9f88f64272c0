package dev.troupe.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.ProtocolVersion;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.Stage;
import dev.troupe.deploy.page.ViewReader;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.deploy.watch.PretendRun;
import dev.troupe.deploy.watch.RunView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeServerTest {
  private static final String HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir Path folder = Path.of("");

  private final List<NodeServer> servers = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final FollowedRuns followed = new FollowedRuns("head-1", Clock.systemUTC(), () -> 0);

  @AfterEach
  void stop() {
    servers.forEach(NodeServer::close);
    client.close();
  }

  @Test
  void tellsWhatItIsAndThatItIsAliveBeforeItIsInTheCluster() throws Exception {
    NodeServer server = start(Access.open());

    assertThat(get(server, "/health/alive").statusCode()).isEqualTo(200);
    assertThat(get(server, "/health/ready").statusCode()).isEqualTo(503);
    assertThat(NodeCard.read(get(server, "/api/version").body()).orElseThrow())
        .isEqualTo(
            new NodeCard(
                "head-1",
                Set.of(Role.HEAD, Role.LEARNER),
                "(not packaged)",
                ProtocolVersion.CURRENT,
                new HostPort("127.0.0.1", 7355),
                LostAfter.DEFAULT,
                false));
    assertThat(get(server, "/metrics").body())
        .contains("troupe_node_up{node=\"head-1\"} 0.0\n")
        .contains("roles=\"head,learner\"")
        .contains("troupe_cpu_seconds_total{node=\"head-1\"} ");
    assertThat(get(server, "/api/cluster").statusCode()).isEqualTo(503);
    assertThat(error(get(server, "/api/cluster"))).contains("[head-1] is still joining");
  }

  @Test
  void showsTheClusterAsClientsReadIt() throws Exception {
    NodeServer server = start(Access.open());
    server.serve(new PretendCluster(folder).with(PretendCluster.twoNodes()));

    assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
    assertThat(ClusterReader.view(json(get(server, "/api/cluster"))))
        .isEqualTo(PretendCluster.twoNodes());
    assertThat(get(server, "/metrics").body())
        .contains("troupe_cluster_nodes{state=\"unreachable\"} 1.0\n")
        .contains("troupe_cluster_slots_allotted{node=\"worker-1\",run=\"sums\"} 3.0\n")
        .contains("troupe_actor_waiting_seconds{run=\"sums\",actor=\"learner\"} 3.0\n");
  }

  @Test
  void passesOnWhatIsAskedAndWhatIsRefused() throws Exception {
    NodeServer server = start(Access.open());
    PretendCluster cluster = new PretendCluster(folder);
    server.serve(cluster);

    assertThat(json(post(server, "/api/runs/my%20run/pause", "")).get("done").getAsString())
        .isEqualTo("pause my run is done");
    post(server, "/api/runs/sums/continue", "");
    post(server, "/api/runs/sums/stop", "");
    post(server, "/api/nodes/worker-1/drain", "");
    post(server, "/api/nodes/worker-1/drain?now=true", "");
    get(server, "/api/nodes/worker-1/log?lines=7");
    assertThat(cluster.asked())
        .containsExactly(
            "pause my run",
            "continue sums",
            "stop sums",
            "drain worker-1",
            "drain worker-1 now",
            "log worker-1 7");

    HttpResponse<String> refused = post(server, "/api/runs/refused/stop", "");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(error(refused)).isEqualTo("stop refused is refused");
  }

  @Test
  void aSubmissionArrivesAsItWasMade() throws Exception {
    NodeServer server = start(Access.open());
    PretendCluster cluster = new PretendCluster(folder);
    server.serve(cluster);
    Path file = Files.writeString(folder.resolve("my.conf"), "seed = 7");
    Recipe recipe = new RecipeReader(Processor.here()).read(file, List.of());
    Submission submission = new Submission("my", recipe.specification(), recipe.text(), true);

    HttpResponse<String> answer = post(server, "/api/runs", SubmissionJson.write(submission));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(cluster.submissions()).containsExactly(submission);
  }

  @Test
  void whatIsNoSubmissionIsRefusedInWords() throws Exception {
    NodeServer server = start(Access.open());
    server.serve(new PretendCluster(folder));

    for (String body :
        List.of(
            "",
            "[]",
            "nonsense",
            "{}",
            "{\"name\":null,\"resume\":1,\"recipe\":2,\"specification\":3}",
            "{\"name\":\"a\",\"resume\":true,\"recipe\":\"\",\"specification\":\"AAAA\"}",
            "[".repeat(100_000))) {
      HttpResponse<String> answer = post(server, "/api/runs", body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(error(answer)).contains("the body is no submission");
    }
    assertThat(post(server, "/api/runs", " ".repeat((4 << 20) + 1)).statusCode()).isEqualTo(413);
  }

  @Test
  void anyNodeAnswersForTheActiveHead() throws Exception {
    NodeServer active = start(Access.open());
    PretendCluster cluster = new PretendCluster(folder).with(PretendCluster.twoNodes());
    active.serve(cluster);
    NodeServer other = start(Access.open());
    other.serve(
        new PretendCluster(folder).withHead(Optional.of(new HostPort("127.0.0.1", active.port()))));

    assertThat(ClusterReader.view(json(get(other, "/api/cluster"))))
        .isEqualTo(PretendCluster.twoNodes());
    assertThat(post(other, "/api/runs/sums/stop", "").statusCode()).isEqualTo(200);
    assertThat(put(other, "/api/files/" + HELLO, "hello").statusCode()).isEqualTo(201);
    assertThat(cluster.asked()).containsExactly("stop sums");
    assertThat(folder.resolve(HELLO)).hasContent("hello");
    assertThat(get(other, "/api/files/" + HELLO).body()).isEqualTo("hello");
    assertThat(get(other, "/api/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void saysSoWhereNoHeadIsActiveAndNeverGoesInCircles() throws Exception {
    NodeServer one = start(Access.open());
    NodeServer other = start(Access.open());
    one.serve(new PretendCluster(folder).withHead(Optional.empty()));
    other.serve(
        new PretendCluster(folder).withHead(Optional.of(new HostPort("127.0.0.1", one.port()))));
    NodeServer gone = start(Access.open());
    NodeServer lost = start(Access.open());
    lost.serve(
        new PretendCluster(folder).withHead(Optional.of(new HostPort("127.0.0.1", gone.port()))));
    gone.close();

    for (NodeServer server : List.of(one, other, lost)) {
      HttpResponse<String> answer = get(server, "/api/cluster");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(error(answer)).contains("no head is active at this moment");
    }
  }

  @Test
  void takesFilesInWholeOrNotAtAll() throws Exception {
    NodeServer server = start(Access.open());
    Path files = folder.resolve("files");
    server.serve(new PretendCluster(files));

    assertThat(get(server, "/api/files/" + HELLO).statusCode()).isEqualTo(404);
    HttpResponse<String> wrong = put(server, "/api/files/" + HELLO, "hallo");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(error(wrong)).contains("got [5] bytes", HELLO);
    assertThat(put(server, "/api/files/..%2Fescape", "hello").statusCode()).isEqualTo(400);
    try (Stream<Path> left = Files.list(files)) {
      assertThat(left).isEmpty();
    }

    assertThat(put(server, "/api/files/" + HELLO, "hello").statusCode()).isEqualTo(201);
    assertThat(put(server, "/api/files/" + HELLO, "hello").statusCode()).isEqualTo(200);
    try (Stream<Path> left = Files.list(files)) {
      assertThat(left).containsExactly(files.resolve(HELLO));
    }
  }

  @Test
  void showsARunAsItsClientsDrawIt() throws Exception {
    NodeServer server = start(Access.open());
    server.serve(new PretendCluster(folder).with(PretendCluster.twoNodes()));
    RunListeners.Follower follower = follow();
    PretendRun run = new PretendRun(follower);
    run.phase(Phase.RUNNING, Stage.REINFORCED);
    run.update(42, 1.25, 0.5);
    run.ledger(20_480);
    run.sample("1+1=", "2", "2", "1 digit");

    JsonObject first = json(get(server, "/api/runs/sums")).getAsJsonObject("followed");
    RunView view = ViewReader.read(first.getAsJsonObject("view"));

    assertThat(view.update()).isEqualTo(42);
    assertThat(view.lagMean()).hasValue(1.25);
    assertThat(view.ledger().granted()).isEqualTo(21_480);
    assertThat(view.samples()).hasSize(1);
    assertThat(first.getAsJsonArray("remarks").toString()).contains("update 0/");
    assertThat(first.get("report").isJsonNull()).isTrue();

    run.stalled("learner", "batch 43", java.time.Duration.ofSeconds(40));
    String next = "/api/runs/sums?after=1&follower=" + first.get("follower").getAsString();
    assertThat(
            json(get(server, next))
                .getAsJsonObject("followed")
                .getAsJsonArray("remarks")
                .toString())
        .contains("stalled: learner has waited 40 s for batch 43")
        .doesNotContain("update 0/");
    assertThat(get(server, "/runs/sums/").body()).contains("<title>Troupe</title>");
    assertThat(get(server, "/runs/sums/page.js").statusCode()).isEqualTo(200);
    assertThat(get(server, "/runs/").body()).contains("href=\"/runs/sums/\"");
    assertThat(get(server, "/metrics").body()).contains("troupe_update{run=\"sums\"} 42.0\n");
    assertThat(error(get(server, "/api/runs/none"))).contains("no run [none]; there are sums");
    follower.close();
  }

  @Test
  void asksForTheTokenForAllButHealthVersionAndFigures() throws Exception {
    NodeServer server = start(new Secret("s3cret"));
    server.serve(new PretendCluster(folder));

    assertThat(get(server, "/health/alive").statusCode()).isEqualTo(200);
    assertThat(get(server, "/api/version").statusCode()).isEqualTo(200);
    assertThat(get(server, "/metrics").statusCode()).isEqualTo(200);
    assertThat(get(server, "/api/cluster"))
        .returns(401, HttpResponse::statusCode)
        .extracting(HttpResponse::body, STRING)
        .contains("asks for its token");
    assertThat(get(server, "/api/cluster?token=wrong"))
        .returns(401, HttpResponse::statusCode)
        .extracting(HttpResponse::body, STRING)
        .contains("that is not this cluster's token");
    assertThat(send(request(server, "/api/cluster").header("Authorization", "Bearer s3cret")))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(200);
    HttpResponse<String> browser = get(server, "/runs/?token=s3cret");
    assertThat(browser.statusCode()).isEqualTo(302);
    assertThat(browser.headers().firstValue("Set-Cookie").orElse(""))
        .startsWith("troupe-token=s3cret;")
        .contains("HttpOnly");
    assertThat(send(request(server, "/runs/").header("Cookie", "a=b; troupe-token=s3cret")))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(200);
  }

  @Test
  void pagesOfOtherSitesMayChangeNothing() throws Exception {
    NodeServer server = start(Access.open());
    PretendCluster cluster = new PretendCluster(folder);
    server.serve(cluster);

    HttpRequest.Builder request =
        request(server, "/api/runs/sums/stop")
            .header("Origin", "https://evil.example")
            .POST(HttpRequest.BodyPublishers.noBody());

    assertThat(send(request).statusCode()).isEqualTo(403);
    assertThat(cluster.asked()).isEmpty();
  }

  private RunListeners.Follower follow() {
    try {
      Path file = Files.writeString(folder.resolve("sums.conf"), "");
      Recipe recipe = new RecipeReader(Processor.here()).read(file, List.of());
      return followed.follow(
          recipe.specification(), new RunDirectory(folder.resolve("sums")), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NodeServer start(Access access) throws IOException {
    NodeServer server =
        NodeServer.start(
            new HostPort("127.0.0.1", 0),
            NodeCard.of(
                "head-1",
                Set.of(Role.HEAD, Role.LEARNER),
                new HostPort("127.0.0.1", 7355),
                LostAfter.DEFAULT),
            Map.of("home", folder),
            followed,
            access);
    servers.add(server);
    return server;
  }

  private static HttpRequest.Builder request(NodeServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private HttpResponse<String> get(NodeServer server, String path) throws Exception {
    return send(request(server, path));
  }

  private HttpResponse<String> post(NodeServer server, String path, String body) throws Exception {
    return send(request(server, path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> put(NodeServer server, String path, String body) throws Exception {
    return send(request(server, path).PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private static JsonObject json(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  private static String error(HttpResponse<String> response) {
    return json(response).get("error").getAsString();
  }

  private record Secret(String secret) implements Access {
    @Override
    public Optional<SSLContext> tls() {
      return Optional.empty();
    }

    @Override
    public Optional<String> token() {
      return Optional.of(secret);
    }

    @Override
    public boolean admits(Optional<String> token) {
      return token.equals(Optional.of(secret));
    }

    @Override
    public boolean asksForToken() {
      return true;
    }
  }
}
