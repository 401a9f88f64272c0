package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.NodeEnd;
import dev.troupe.actors.cluster.NodeOptions;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.run.RunStatus;
import dev.troupe.deploy.api.Access;
import dev.troupe.deploy.api.FollowedRuns;
import dev.troupe.deploy.api.NodeCard;
import dev.troupe.deploy.api.NodeServer;
import dev.troupe.deploy.api.PretendCluster;
import dev.troupe.deploy.node.Addresses;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.deploy.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ClusterCommandsTest {
  @TempDir Path folder = Path.of("");

  private final Addresses addresses = Addresses.free(new HostPort("127.0.0.1", 0));
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void statusShowsNodesRunsActorsAndTheLedgersLaw() throws IOException {
    serve(cluster());

    assertThat(run("status")).isZero();
    assertThat(said())
        .contains("2 nodes, active head head-1, 1 run")
        .containsPattern("worker-1 +unreachable +rollout +cpu,cuda:0 +16 .* 3 of 4: sums 3")
        .containsPattern("head-1 +up +head,learner .* sums +0.1.0")
        .contains("sums: active, update 42/120")
        .contains("= 200 leased + 100 recorded + 64 batched + 600 consumed + 36 dropped: the law")
        .contains("dropped (node-lost 6, stale 30)")
        .containsPattern("learner +waits 3 s for batch 43")
        .containsPattern("worker-1/rollout-1 +works");
  }

  @Test
  void runsAreListedAndOneCanBeShown() throws IOException {
    serve(cluster());

    assertThat(run("runs")).isZero();
    assertThat(said()).containsPattern("sums +active +1 +42/120 +75.0% +update 42/120");
    assertThat(run("watch", "sums", "--once")).isZero();
    assertThat(said()).contains("sums: active").contains("waits 3 s for batch 43");
    assertThat(run("watch", "none", "--once")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("there is no run [none]; there are sums");
  }

  @Test
  void verbsReachTheCluster() throws IOException {
    PretendCluster cluster = cluster();
    serve(cluster);

    assertThat(run("pause", "sums")).isZero();
    assertThat(run("continue", "sums")).isZero();
    assertThat(run("stop", "sums")).isZero();
    assertThat(run("drain", "worker-1")).isZero();
    assertThat(run("drain", "worker-1", "--now")).isZero();
    assertThat(run("logs", "worker-1", "--lines", "5")).isZero();
    assertThat(run("stop", "refused")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).isEqualTo("troupe: stop refused is refused\n");
    assertThat(cluster.asked())
        .containsExactly(
            "pause sums",
            "continue sums",
            "stop sums",
            "drain worker-1",
            "drain worker-1 now",
            "log worker-1 5",
            "stop refused");
  }

  @Test
  void aSwapTravelsWithItsCodeAndItsHash() throws IOException {
    PretendCluster cluster = cluster();
    serve(cluster);
    Files.writeString(folder.resolve("better.py"), "def verify(task, completion): return 1\n");
    Path settings = Files.writeString(folder.resolve("better.conf"), "file = better.py\n");

    assertThat(
            run("reward", "swap", "python@2", "--settings", settings.toString(), "--run", "sums"))
        .as(complained())
        .isZero();
    assertThat(run("reward", "swap", "--back", "--run", "sums")).isZero();
    assertThat(run("reward", "swap", "gsm8k", "--run", "sums")).isZero();
    assertThat(cluster.asked().get(0))
        .contains("Swap[verifier=VerifierVersion[ref=VerifierRef[name=python, version=2, hash=")
        .contains("def verify(task, completion): return 1")
        .contains("\"file\":\"better.py\"");
    assertThat(cluster.asked().get(1)).isEqualTo("reward sums Back[]");
    assertThat(cluster.asked().get(2)).startsWith("reward sums SwapTo[known=gsm8k@1, otherwise=");

    assertThat(run("reward", "swap", "--run", "sums")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("name a verifier (NAME@VERSION), or --back");
    assertThat(run("reward", "swap", "gsm9k@1", "--settings", "a = 1", "--run", "sums"))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("did you mean [gsm8k]?");
    assertThat(run("reward", "swap", "gsm8k@7", "--settings", "", "--run", "sums"))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("verifier [gsm8k] has version [1], got [7]");
  }

  @Test
  void submitChecksTheRecipeSendsItsFilesAndChoosesAFreeName() throws IOException {
    PretendCluster cluster = cluster();
    serve(cluster);
    StringBuilder tasks = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      tasks.append("{\"prompt\":\"").append(i).append("+1=\",\"answer\":\"").append(i + 1);
      tasks.append("\"}\n");
    }
    Files.writeString(folder.resolve("tasks.jsonl"), tasks);
    Path recipe =
        Files.writeString(
            folder.resolve("sums.conf"),
            "name = sums\ntasks { source = jsonl, file = tasks.jsonl, held-out = 10 }\n");

    int code = run("submit", recipe.toString(), "--detach", "--set", "sft.steps=0");

    assertThat(complained()).isEmpty();
    assertThat(code).isZero();
    assertThat(cluster.submissions()).hasSize(1);
    assertThat(cluster.submissions().getFirst().name()).isEqualTo("sums-2");
    assertThat(cluster.submissions().getFirst().specification().name()).isEqualTo("sums-2");
    String hash = cluster.submissions().getFirst().specification().files().get("tasks.jsonl");
    assertThat(folder.resolve("files").resolve(String.valueOf(hash)))
        .hasSameTextualContentAs(folder.resolve("tasks.jsonl"));
    assertThat(said())
        .contains("sending tasks.jsonl")
        .contains("submit sums-2 is done")
        .contains("./troupe stop sums-2 --to " + addresses.cluster());
  }

  @Test
  void submitSendsTheWeightsThatARunBeginsWith() throws IOException {
    PretendCluster cluster = cluster();
    serve(cluster);
    Path weights = Files.createDirectories(folder.resolve("weights"));
    Files.writeString(weights.resolve("model-1.safetensors"), "first");
    Files.writeString(weights.resolve("model-2.safetensors"), "second");
    Files.writeString(
        weights.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}");
    Path recipe =
        Files.writeString(
            folder.resolve("next.conf"), "name = next\nmodel.init-from = weights\nsft.steps = 0\n");

    assertThat(run("submit", recipe.toString(), "--detach")).as(complained()).isZero();

    Submission submission = cluster.submissions().getFirst();
    String from = submission.specification().model().initFrom();
    assertThat(from).isEqualTo(weights.toString());
    assertThat(submission.specification().files())
        .containsOnlyKeys(
            from + "/model-1.safetensors",
            from + "/model-2.safetensors",
            from + "/model.safetensors.index.json");
    String hash = submission.specification().files().get(from + "/model-2.safetensors");
    assertThat(folder.resolve("files").resolve(String.valueOf(hash))).hasContent("second");
    assertThat(said()).contains("sending " + from + "/model-1.safetensors (5 B)");

    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/next"));
    Files.writeString(elsewhere.resolve("recipe.conf"), submission.recipe());
    Files.move(weights, folder.resolve("gone"));
    assertThat(
            new RecipeReader(new Processor("test", false))
                .readRun(elsewhere, List.of())
                .specification())
        .isEqualTo(submission.specification());
  }

  @Test
  void weightsThatAreNotThereAreNotSubmitted() throws IOException {
    PretendCluster cluster = cluster();
    serve(cluster);
    Files.createDirectories(folder.resolve("weights"));
    Path recipe =
        Files.writeString(folder.resolve("next.conf"), "name = next\nmodel.init-from = weights\n");

    assertThat(run("submit", recipe.toString(), "--detach")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained())
        .contains("next.conf:2", "model.init-from", "a folder with model.safetensors");
    assertThat(cluster.submissions()).isEmpty();
  }

  @Test
  void aRunIsNotResumedWithWhatWouldMakeItAnotherOne() throws IOException {
    PretendCluster cluster = cluster();
    serve(cluster);
    Path recipe = Files.writeString(folder.resolve("sums.conf"), "name = sums\nseed = 3\n");
    String text = new RecipeReader(new Processor("test", false)).read(recipe, List.of()).text();
    Files.createDirectories(cluster.home().resolve("sums"));
    Files.writeString(cluster.home().resolve("sums/recipe.conf"), text);

    assertThat(run("submit", recipe.toString(), "--resume", "--detach", "--set", "seed=4"))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("seed: got [4], expected 3, as the run was started with");
    assertThat(run("submit", recipe.toString(), "--resume", "--detach", "--set", "stop.updates=9"))
        .isZero();
    assertThat(cluster.submissions()).hasSize(1);
  }

  @Test
  void aRunGoesOnWithTheWeightsThatItBeganWithWhateverBecameOfTheirFolder() throws IOException {
    PretendCluster cluster = cluster();
    serve(cluster);
    Path weights = Files.createDirectories(folder.resolve("weights"));
    Files.writeString(weights.resolve("model.safetensors"), "first");
    Path recipe =
        Files.writeString(
            folder.resolve("sums.conf"), "name = sums\nmodel.init-from = weights\nsft.steps = 0\n");
    Recipe begun =
        new RecipeReader(new Processor("test", false)).read(recipe, List.of()).withInitialWeights();
    Files.createDirectories(cluster.home().resolve("sums"));
    Files.writeString(cluster.home().resolve("sums/recipe.conf"), begun.text());
    String[] resume = {"submit", recipe.toString(), "--resume", "--detach"};

    Files.writeString(weights.resolve("model.safetensors"), "newer");
    assertThat(run(resume)).as(complained()).isZero();
    Files.delete(weights.resolve("model.safetensors"));
    assertThat(run(resume)).as(complained()).isZero();

    assertThat(begun.specification().files()).isNotEmpty();
    assertThat(cluster.submissions())
        .hasSize(2)
        .allSatisfy(
            submission -> {
              assertThat(submission.specification()).isEqualTo(begun.specification());
              assertThat(submission.recipe()).isEqualTo(begun.text());
            });
    assertThat(said()).doesNotContain("sending");
  }

  @Test
  void submitFollowsTheRunToItsEnd() throws IOException {
    ClusterView.Run active = PretendCluster.twoNodes().runs().getFirst();
    ClusterView.Run done =
        new ClusterView.Run(
            "fresh",
            ClusterView.RunState.DONE,
            "",
            1,
            active.status(),
            "update 120 of 120 was made",
            List.of());
    PretendCluster cluster = cluster();
    cluster.onSubmit(() -> cluster.with(new ClusterView("head-1", List.of(), List.of(done))));
    serve(cluster);
    Path recipe = Files.writeString(folder.resolve("fresh.conf"), "");

    assertThat(run("submit", recipe.toString())).isZero();
    assertThat(said()).contains("fresh: update 120 of 120 was made").contains("the law holds");
  }

  @Test
  void resumingWhatIsNotThereIsRefused() throws IOException {
    serve(cluster());
    Path recipe = Files.writeString(folder.resolve("fresh.conf"), "");

    assertThat(run("submit", recipe.toString(), "--resume")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("no run [fresh] to go on with; there are sums");
  }

  @Test
  void withoutAClusterEveryCommandSaysWhereItLooked() {
    assertThat(run("runs")).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(complained())
        .contains("no cluster at [" + addresses.cluster() + "]", "connection refused");
    assertThat(commandLine().execute("runs", "--to", "nonsense")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("--to: [nonsense] is no address: HOST:PORT is expected");
  }

  @Test
  void whoeverNamesTheHttpPortIsToldTheNodePort() throws IOException {
    serve(cluster());

    assertThat(commandLine().execute("runs", "--to", addresses.api().toString()))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(node("--roles", "rollout", "--join", addresses.api().toString()))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(complained().lines())
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("[" + addresses.api() + "] is the HTTP port of node [head-1]")
                    .contains("use [" + addresses.cluster() + "]"));
  }

  @Test
  void aLongStoryTakesOneLineOfTheListAndAllOfItsOwnStatus() throws IOException {
    ClusterView.Run failed =
        new ClusterView.Run(
            "sums",
            ClusterView.RunState.FAILED,
            "",
            1,
            RunStatus.starting(),
            "a verifier crashed:\nTraceback\n  at line 1",
            List.of());
    serve(cluster().with(new ClusterView("head-1", List.of(), List.of(failed))));

    assertThat(run("runs")).isZero();
    assertThat(said()).contains("a verifier crashed: …").doesNotContain("Traceback");
    assertThat(run("status", "sums")).isZero();
    assertThat(said()).contains("Traceback").contains("at line 1");
  }

  @Test
  void aNodeSaysWhatIsWrongWithItsOptions() throws IOException {
    assertThat(node("--roles", "head,cook")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("there is no role [cook]", "head, learner, rollout, reward");
    assertThat(node("--devices", "tpu")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("--devices: got [tpu]");
    assertThat(node("--roles", "rollout")).isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("only a head begins a cluster");
    assertThat(
            node(
                "--roles",
                "rollout",
                "--join-within",
                "0",
                "--join",
                addresses.cluster().toString()))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(complained())
        .contains("nobody to join", "nobody answers at its HTTP port [" + addresses.api() + "]");
    serve(cluster());
    assertThat(commandLine().execute("node", "--bind", addresses.cluster().toString()))
        .isEqualTo(ExitCode.REFUSED);
    assertThat(complained()).contains("port [" + addresses.api().port() + "]", "is in use");
  }

  @Test
  void aHeadWhoseHomeCanNotBeWrittenIsRefused() throws IOException {
    Path home = Files.writeString(folder.resolve("a-file"), "no directory");

    assertThat(node("--roles", "head", "--home", home.toString())).isEqualTo(ExitCode.REFUSED);
    assertThat(complained())
        .contains("--home: got [" + home + "], expected a directory that can be made and written");
  }

  @Test
  void aNodeEndsWithAnExitCodeThatTellsASupervisorWhatToDo() {
    PretendCluster pretend = cluster();

    pretend.end(new NodeEnd.Left("left"));
    assertThat(pretended(pretend)).isZero();
    PretendCluster removed = cluster();
    removed.end(new NodeEnd.Removed("it was away for 20 s"));
    assertThat(pretended(removed)).isEqualTo(ExitCode.REMOVED);
    assertThat(said())
        .contains("is up at 127.0.0.1:", "began the cluster")
        .contains("removed from the cluster: it was away for 20 s")
        .contains("exit code 75");
    PretendCluster failed = cluster();
    failed.end(new NodeEnd.Failed("no disk"));
    assertThat(pretended(failed)).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void aNodeIsStartedWithWhatItsOptionsSay() {
    List<NodeOptions> started = new ArrayList<>();
    PretendCluster pretend = cluster();
    pretend.end(new NodeEnd.Left("left"));
    CommandLine node =
        new CommandLine(
            new NodeCommand(
                console(),
                options -> {
                  started.add(options);
                  return pretend;
                }));

    int code =
        node.execute(
            "--roles",
            "head,rollout",
            "--bind",
            "127.0.0.1:0",
            "--slots",
            "3",
            "--name",
            "n1",
            "--home",
            folder.resolve("home").toString(),
            "--scratch",
            folder.resolve("scratch").toString());

    assertThat(code).isZero();
    NodeOptions options = started.getFirst();
    assertThat(options.name()).isEqualTo("n1");
    assertThat(options.roles()).containsExactlyInAnyOrder(Role.HEAD, Role.ROLLOUT);
    assertThat(options.slots()).isEqualTo(3);
    assertThat(options.api().port()).isEqualTo(options.address().port() + 1);
    assertThat(options.home()).isEqualTo(folder.resolve("home"));
    assertThat(options.log()).isEqualTo(folder.resolve("scratch").resolve("node.log"));
    assertThat(options.join()).isEmpty();
  }

  private int pretended(PretendCluster pretend) {
    return new CommandLine(new NodeCommand(console(), _ -> pretend))
        .execute(
            "--bind",
            "127.0.0.1:0",
            "--home",
            folder.resolve("home").toString(),
            "--scratch",
            folder.resolve("scratch").toString());
  }

  private int node(String... arguments) {
    List<String> all = new ArrayList<>(List.of("node", "--bind", "127.0.0.1:0"));
    all.addAll(List.of(arguments));
    return commandLine().execute(all.toArray(String[]::new));
  }

  private PretendCluster cluster() {
    return new PretendCluster(folder.resolve("files")).with(PretendCluster.twoNodes());
  }

  private void serve(PretendCluster cluster) throws IOException {
    NodeServer server =
        NodeServer.start(
            addresses.api(),
            NodeCard.of("head-1", Set.of(Role.HEAD), addresses.cluster(), LostAfter.DEFAULT),
            Map.of(),
            new FollowedRuns("head-1", Clock.systemUTC(), System::nanoTime),
            Access.open());
    server.serve(cluster);
    open.add(server);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--to", addresses.cluster().toString()));
    return commandLine().execute(all.toArray(String[]::new));
  }

  private Console console() {
    return new Console(stream(said), stream(complained), false, false);
  }

  private CommandLine commandLine() {
    return TroupeCommand.commandLine(console());
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return complained.toString(StandardCharsets.UTF_8);
  }
}
