package dev.troupe.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.journal.Epochs;
import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.Recipes;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.security.LoggedLines;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs on nodes, each with an actor system of its own, that talk over loopback. */
@Timeout(240)
class ClusterRunTest {
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  @TempDir Path directory;
  private TestNodes nodes = new TestNodes(Path.of(""));

  @BeforeEach
  void open() {
    nodes = new TestNodes(directory);
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  private void submit(String name, RunSpecification recipe) throws Exception {
    await().atMost(PATIENCE).until(() -> nodes.runs().isPresent());
    Answer answer =
        TestNodes.answer(
            nodes.runs().orElseThrow().submit(new Submission(name, recipe, "# text", false)));
    assertThat(answer).isInstanceOf(Answer.Done.class);
  }

  private Answer resume(String name, RunSpecification recipe) throws Exception {
    return TestNodes.answer(
        nodes.runs().orElseThrow().submit(new Submission(name, recipe, "# text", true)));
  }

  private RunSummary end(String name) {
    await()
        .atMost(PATIENCE)
        .until(() -> nodes.state(name).equals(Optional.of(ClusterView.RunState.DONE)));
    return nodes.summary(name);
  }

  @Test
  void oneNodeOfAllRolesMakesARun() throws Exception {
    nodes.start("all", "head,learner,rollout,reward");
    submit("tiny", Recipes.small().sft(5).updates(4).build());
    RunSummary summary = end("tiny");
    assertThat(summary.updates()).isEqualTo(4);
    assertThat(summary.ledger().consumed()).isEqualTo(4 * 16);
    assertThat(resume("tiny", Recipes.small().sft(5).updates(4).build()))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused ->
                assertThat(refused.words()).contains("is finished").contains("stop.updates=8"));
    assertThat(resume("tiny", Recipes.small().sft(5).updates(6).build()))
        .isInstanceOf(Answer.Done.class);
    await().atMost(PATIENCE).until(() -> end("tiny").processes() == 2);
    await()
        .atMost(PATIENCE)
        .until(() -> nodes.view().orElseThrow().nodes().getFirst().learners().isEmpty());
  }

  @Test
  void theOnlyHeadLeavesAlthoughThereIsNobodyToHandOverTo() throws Exception {
    StartedNode only = nodes.start("all", "head,learner,rollout,reward");
    await().atMost(PATIENCE).until(only::isUp);
    only.leave();
    assertThat(only.ended().toCompletableFuture().get(60, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            NodeEnd.Left.class, left -> assertThat(left.words()).contains("no head any more"));
  }

  @Test
  void aDirectoryThatCanNotBeWrittenIsTriedAgain() throws Exception {
    Path cluster = directory.resolve("home/.cluster");
    Files.createDirectories(cluster.getParent());
    Files.writeString(cluster, "in the way");
    nodes.start("all", "head,rollout,reward");
    await().atMost(PATIENCE).until(() -> nodes.runs().isEmpty());
    Files.delete(cluster);
    submit("tiny", Recipes.small().updates(4).build());
    Path control = directory.resolve("home/tiny/control");
    Files.move(control, directory.resolve("aside"));
    Files.writeString(control, "in the way");
    assertThat(TestNodes.answer(nodes.runs().orElseThrow().pause("tiny")))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.words()).contains("could not be written down"));
    Files.delete(control);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(control)
                    .isDirectoryContaining(file -> content(file).contains("wanted=PAUSE")));
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void aHeadWhoseDirectoryAnotherClusterTookOverEnds() throws Exception {
    StartedNode overtaken = nodes.start("all", "head,learner,rollout,reward");
    await().atMost(PATIENCE).until(() -> nodes.view().isPresent());
    new Epochs(directory.resolve("home/.cluster/epochs"), "runs").claim("another cluster's head");
    assertThat(overtaken.ended().toCompletableFuture().get(60, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            NodeEnd.Removed.class,
            removed ->
                assertThat(removed.words()).contains("another cluster took over its --home"));
  }

  @Test
  void samplesOnAnotherNodeThanTheLearnersWithWeightsFromThere() throws Exception {
    nodes.start("first", "head,learner,reward");
    nodes.start("second", "rollout");
    submit("tiny", Recipes.small().sft(5).updates(4).build());
    RunSummary summary = end("tiny");
    assertThat(summary.updates()).isEqualTo(4);
    assertThat(summary.ledger().consumed()).isEqualTo(4 * 16);
  }

  @Test
  void verifiesOnAnotherNodeAndWaitsForItSayingSo() throws Exception {
    nodes.start("first", "head,learner,rollout");
    submit("tiny", Recipes.small().sft(5).updates(4).build());
    await()
        .atMost(PATIENCE)
        .until(
            () -> nodes.view().orElseThrow().runs().getFirst().waitsFor().contains("role reward"));
    nodes.start("second", "reward");
    assertThat(end("tiny").updates()).isEqualTo(4);
    assertThat(nodes.events).anyMatch(RunEvent.EvaluationEnded.class::isInstance);
  }

  @Test
  void aLearnerOnAnotherNodeFetchesWhatTheRecipeNamesAndSaysIfItDoesNotCome() throws Exception {
    nodes.start("first", "head,rollout,reward");
    StartedNode second = nodes.start("second", "learner");
    submit("tiny", Recipes.small().sft(5).updates(2).build());
    byte[] weights = weights("tiny", end("tiny").lastCheckpoint().orElseThrow());
    second.leave();
    assertThat(end(second)).isInstanceOf(NodeEnd.Left.class);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(weights));
    Path brought = directory.resolve("home/.cluster/files").resolve(hash);
    Files.write(brought, weights);
    submit("next", Recipes.small().sft(0).updates(2).startFrom("/not/here", hash).build());

    Files.delete(brought);
    StartedNode third = nodes.start("third", "learner");
    await().atMost(PATIENCE).until(() -> learnerWaitsFor("next").contains("did not come: asked ["));
    Files.write(brought, weights);

    assertThat(end("next").updates()).isEqualTo(2);
    assertThat(directory.resolve("home/next/files").resolve(hash)).hasBinaryContent(weights);
    assertThat(third.isUp()).isTrue();
    Path fetched = directory.resolve("third/scratch/files");
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(fetched).isEmptyDirectory());
  }

  private byte[] weights(String run, CheckpointRef checkpoint) throws IOException {
    Path checkpoints = directory.resolve("home").resolve(run).resolve("checkpoints");
    return Files.readAllBytes(
        checkpoints.resolve(CheckpointStore.name(checkpoint)).resolve("weights.safetensors"));
  }

  private String learnerWaitsFor(String run) {
    return nodes.view().orElseThrow().runs().stream()
        .filter(it -> it.name().equals(run))
        .flatMap(it -> it.actors().stream())
        .filter(actor -> actor.name().equals("learner"))
        .map(ActorProgress::waitsFor)
        .findFirst()
        .orElse("");
  }

  @Test
  void aRunLooksForALearnerThatSharesTheHeadsDirectoryAndSaysWhyItWaits() throws Exception {
    nodes.start("first", "head,rollout,reward");
    nodes.start("apart", "learner", 1, "another-home");
    submit("tiny", Recipes.small().sft(5).updates(2).build());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(nodes.view().orElseThrow().runs().getFirst().waitsFor())
                    .contains("a node with role learner: there is none")
                    .contains("; node [apart] can't: the head left [.shared-")
                    .contains("isn't in [" + directory.resolve("another-home/tiny") + "] here")
                    .contains("must have the same directory as --home"));

    nodes.start("together", "learner");

    assertThat(end("tiny").updates()).isEqualTo(2);
    assertThat(directory.resolve("another-home")).doesNotExist();
  }

  @Test
  void runsWaitForALearnerNodeInTheirOrder() throws Exception {
    nodes.start("all", "head,learner,rollout,reward", 2);
    submit("one", Recipes.small().updates(30).build());
    submit("two", Recipes.small().updates(2).build());
    await()
        .atMost(PATIENCE)
        .until(() -> nodes.state("two").equals(Optional.of(ClusterView.RunState.QUEUED)));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(nodes.view().orElseThrow().runs().getLast().waitsFor())
                    .contains("a learner node with room"));
    assertThat(end("one").updates()).isEqualTo(30);
    assertThat(end("two").updates()).isEqualTo(2);
  }

  @Test
  void aRunThatFailsLeavesTheOtherOneAlone() throws Exception {
    nodes.start("first", "head,learner,rollout,reward", 2);
    nodes.start("second", "learner,rollout,reward", 2);
    byte[] nonsense = "no weights".getBytes(StandardCharsets.UTF_8);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(nonsense));
    submit("good", Recipes.small().updates(60).build());
    await().atMost(PATIENCE).until(() -> lastUpdate() >= 5);
    Files.write(directory.resolve("home/.cluster/files").resolve(hash), nonsense);
    submit("bad", Recipes.small().sft(0).startFrom("/not/here", hash).build());

    await()
        .atMost(PATIENCE)
        .until(() -> nodes.state("bad").equals(Optional.of(ClusterView.RunState.FAILED)));
    assertThat(nodes.state("good")).contains(ClusterView.RunState.ACTIVE);
    RunSummary summary = end("good");

    assertThat(summary.updates()).isEqualTo(60);
    assertThat(summary.processes()).isEqualTo(1);
    assertThat(summary.ledger().consumed()).isEqualTo(60 * 16);
    assertThat(summary.ledger().dropped().keySet())
        .as("nothing of it was lost with the other one")
        .doesNotContain(DropReason.NODE_LOST, DropReason.LEASE_EXPIRED, DropReason.ORPHANED);
    assertThat(nodes.events)
        .filteredOn(RunEvent.ActorRestarted.class::isInstance)
        .as("nobody began anew but the other one's learner")
        .allMatch(event -> event.toString().contains("learner"));
    assertThat(nodes.view().orElseThrow().runs())
        .filteredOn(run -> run.name().equals("bad"))
        .singleElement()
        .satisfies(run -> assertThat(run.words()).contains("failed"));
  }

  @Test
  void aNodeThatJoinsTakesItsShareOfTheSampling() throws Exception {
    nodes.start("first", "head,learner,reward,rollout");
    submit("tiny", Recipes.small().updates(10_000).leases(Duration.ofHours(1)).build());
    await().atMost(PATIENCE).until(() -> lastUpdate() > 5);
    assertThat(holders()).containsOnly("first");

    nodes.start("joining", "rollout");
    await().atMost(PATIENCE).until(() -> holders().contains("joining"));
    int joined = holders().indexOf("joining");
    await().atMost(PATIENCE).until(() -> holders().size() > joined + 120);

    List<String> since = holders().subList(joined, joined + 120);
    assertThat(since.stream().filter("joining"::equals).count())
        .as("leases of the node that joined among 120 since then: %s", since)
        .isBetween(24L, 96L);
    assertThat(nodes.view().orElseThrow().runs().getFirst().status().updates())
        .as("and the run went on meanwhile, without a restart")
        .isGreaterThan(5);
    assertThat(nodes.events).noneMatch(RunEvent.ActorRestarted.class::isInstance);
  }

  /** Nodes that leases went to, in order. */
  private List<String> holders() {
    List<String> holders = new ArrayList<>();
    RunDirectory run = new RunDirectory(directory.resolve("home/tiny"));
    try {
      JournalReader.open(run.journal(), run.epochs())
          .forEach(
              (event, _) -> {
                if (event instanceof LedgerEvent.Granted(_, var holder)) {
                  holders.add(holder.substring(0, holder.indexOf('/')));
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return holders;
  }

  @Test
  void stopsResumableAndGoesOn() throws Exception {
    nodes.start("all", "head,learner,rollout,reward");
    RunSpecification recipe = Recipes.small().updates(60).build();
    submit("tiny", recipe);
    await()
        .atMost(PATIENCE)
        .until(() -> nodes.events.stream().anyMatch(RunEvent.UpdateMade.class::isInstance));
    Runs runs = nodes.runs().orElseThrow();
    assertThat(TestNodes.answer(runs.pause("tiny"))).isInstanceOf(Answer.Done.class);
    assertThat(TestNodes.answer(runs.goOn("tiny"))).isInstanceOf(Answer.Done.class);
    assertThat(TestNodes.answer(runs.stop("tiny"))).isInstanceOf(Answer.Done.class);
    await()
        .atMost(PATIENCE)
        .until(() -> nodes.state("tiny").equals(Optional.of(ClusterView.RunState.STOPPED)));
    assertThat(nodes.summary("tiny").resumable()).isTrue();
    Answer again = TestNodes.answer(runs.submit(new Submission("tiny", recipe, "# text", true)));
    assertThat(again).isInstanceOf(Answer.Done.class);
    assertThat(end("tiny").updates()).isEqualTo(60);
  }

  @Test
  void theOnlyNodeThatVerifiesFinishesWhatItsSamplersHoldBeforeItLeaves() throws Exception {
    nodes.start("first", "head,learner");
    StartedNode worker = nodes.start("worker", "rollout,reward");
    submit("tiny", slowlyJudged());
    awaitVerdictsThatAreDue();

    worker.leave();

    assertThat(end(worker)).isInstanceOf(NodeEnd.Left.class);
  }

  @Test
  void aNodeThatLeavesHasWhatItHoldsVerifiedElsewhereWhenItsVerifierLeaves() throws Exception {
    nodes.start("first", "head,learner,reward");
    StartedNode sampler = nodes.start("sampler", "rollout");
    StartedNode verifier = nodes.start("verifier", "reward");
    submit("tiny", slowlyJudged());
    awaitVerdictsThatAreDue();

    sampler.leave();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                nodes.view().orElseThrow().nodes().stream()
                    .anyMatch(node -> node.state().equals(ClusterView.NodeState.DRAINING)));
    verifier.leaveNow();

    assertThat(end(verifier)).isInstanceOf(NodeEnd.Left.class);
    assertThat(end(sampler)).isInstanceOf(NodeEnd.Left.class);
  }

  @Test
  void aRunGoesOnWhenItsActiveHeadLeaves() throws Exception {
    StartedNode head = nodes.start("first", "head,reward");
    nodes.start("second", "head,learner,rollout,reward");
    submit("tiny", Recipes.small().updates(10_000).leases(Duration.ofHours(1)).build());
    await().atMost(PATIENCE).until(() -> lastUpdate() > 3);

    try (LoggedLines pekko = new LoggedLines("org.apache.pekko")) {
      head.leave();

      assertThat(end(head)).isInstanceOf(NodeEnd.Left.class);
      assertThat(pekko.lines())
          .as("the runs' actor ended when it was told to, and nobody had to wait for it")
          .noneMatch(line -> line.contains("timed out"));
      long left = lastUpdate();
      await().atMost(PATIENCE).until(() -> lastUpdate() > left + 10);
    }
  }

  private long lastUpdate() {
    return nodes.events.stream()
        .filter(RunEvent.UpdateMade.class::isInstance)
        .mapToLong(event -> ((RunEvent.UpdateMade) event).batch())
        .max()
        .orElse(0);
  }

  /** Goes on for longer than a test, and always has something that waits for its verdict. */
  private static RunSpecification slowlyJudged() {
    return Recipes.small()
        .updates(10_000)
        .verifier(Duration.ofSeconds(20), Duration.ofSeconds(3))
        .build();
  }

  private void awaitVerdictsThatAreDue() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                nodes.view().orElseThrow().runs().getFirst().actors().stream()
                    .anyMatch(actor -> actor.waitsFor().startsWith("verdicts on")));
  }

  private static NodeEnd end(StartedNode node) throws Exception {
    return node.ended().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
