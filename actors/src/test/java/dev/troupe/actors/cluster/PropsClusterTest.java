package dev.troupe.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.run.PropsRuns;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.learner.LearnerMetrics;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.trajectory.Trajectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose behaviour policy is adjusted, with samplers on several nodes. */
@Timeout(240)
final class PropsClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  @TempDir Path directory = Path.of("");
  private TestNodes nodes = new TestNodes(Path.of(""));

  @BeforeEach
  void open() {
    nodes = new TestNodes(directory);
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void everyNodeWaitsForTheAdjustmentAndNamesTheVersionThatItSampledWith() throws Exception {
    startTwo();
    RunSpecification recipe = new PropsRuns("GridWorld-v0").evaluateEvery(4).build(24);
    run("barrier", recipe);

    PropsRuns.Proof proof = PropsRuns.prove(folder("barrier"), recipe);
    assertThat(proof.farthest()).isLessThan(2e-6);
    assertThat(holders("barrier")).containsExactlyInAnyOrder("first", "second");
    List<Trajectory> trajectories = proof.trajectories();
    assertThat(trajectories).hasSize(48);
    for (int i = 0; i < trajectories.size(); i++) {
      assertThat(trajectories.get(i).behaviour().update()).as("trajectory %d", i).isEqualTo(i / 2);
    }
    assertThat(evaluated()).extracting(PolicyVersion::adjustment).containsOnly(0);
    assertThat(evaluated())
        .extracting(PolicyVersion::update)
        .containsExactly(0L, 4L, 8L, 12L, 16L, 20L, 24L);
  }

  @Test
  void overlappingCollectionsBeginOneAdjustmentEarlierAtMost() throws Exception {
    startTwo();
    RunSpecification recipe = new PropsRuns("GridWorld-v0").overlapping().build(24);
    run("overlap", recipe);

    PropsRuns.Proof proof = PropsRuns.prove(folder("overlap"), recipe);
    assertThat(proof.farthest()).isLessThan(2e-6);
    List<Trajectory> trajectories = proof.trajectories();
    int early = 0;
    for (int i = 0; i < trajectories.size(); i++) {
      long lag = i / 2 - trajectories.get(i).behaviour().update();
      assertThat(lag).as("trajectory %d", i).isBetween(0L, 1L);
      early += lag > 0 ? 1 : 0;
    }
    assertThat(early).as("trajectories that didn't wait").isPositive();
  }

  @Test
  void samplingErrorIsNoLargerWithTwoNodes() throws Exception {
    // The policy stays as it is: only its samples count.
    int arms = 200;
    PropsRuns pulls =
        new PropsRuns("Bandit-v0")
            .options(Map.of("arms", Integer.toString(arms)))
            .fragments(8, 8)
            .rates(1e-9, 1e-2);
    nodes.start("first", "head,learner,reward,rollout");
    run("one", pulls.build(120));
    double one = samplingError();

    nodes.events.clear();
    nodes.start("second", "rollout");
    await().atMost(PATIENCE).until(() -> nodes.view().orElseThrow().nodes().size() == 2);
    run("two", pulls.build(120));
    double two = samplingError();

    assertThat(holders("two")).containsExactlyInAnyOrder("first", "second");
    // Of the last two times 512 pulls.
    double onPolicy = (arms - 1) / 2.0 / 1024;
    assertThat(one).isLessThan(0.8 * onPolicy);
    assertThat(two).as("with one node: %s", one).isLessThan(1.1 * one);
  }

  /** Mean over updates whose buffer was full. */
  private double samplingError() {
    return nodes.events.stream()
        .filter(RunEvent.UpdateMade.class::isInstance)
        .map(RunEvent.UpdateMade.class::cast)
        .filter(made -> made.batch() > 2 * PropsRuns.COLLECTIONS)
        .flatMap(made -> Stream.ofNullable(made.metrics().get(LearnerMetrics.SAMPLING_ERROR)))
        .mapToDouble(Double::doubleValue)
        .average()
        .orElseThrow();
  }

  private void startTwo() {
    nodes.start("first", "head,learner,reward,rollout");
    nodes.start("second", "rollout");
    await()
        .atMost(PATIENCE)
        .until(() -> nodes.view().filter(view -> view.nodes().size() == 2).isPresent());
  }

  private void run(String name, RunSpecification recipe) throws Exception {
    await().atMost(PATIENCE).until(() -> nodes.runs().isPresent());
    Answer answer =
        TestNodes.answer(
            nodes.runs().orElseThrow().submit(new Submission(name, recipe, "# text", false)));
    assertThat(answer).isInstanceOf(Answer.Done.class);
    await()
        .atMost(PATIENCE)
        .until(() -> nodes.state(name).equals(Optional.of(ClusterView.RunState.DONE)));
  }

  private RunDirectory folder(String run) {
    return new RunDirectory(directory.resolve("home").resolve(run));
  }

  private List<PolicyVersion> evaluated() {
    return nodes.events.stream()
        .filter(RunEvent.EvaluationEnded.class::isInstance)
        .map(event -> ((RunEvent.EvaluationEnded) event).version())
        .toList();
  }

  /** Nodes that leases went to. */
  private Set<String> holders(String run) throws IOException {
    Set<String> holders = new HashSet<>();
    JournalReader.open(folder(run).journal(), folder(run).epochs())
        .forEach(
            (event, _) -> {
              if (event instanceof LedgerEvent.Granted(_, var holder)) {
                holders.add(holder.substring(0, holder.indexOf('/')));
              }
            });
    return holders;
  }
}
