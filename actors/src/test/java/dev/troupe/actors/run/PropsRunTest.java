package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.control.ControlNetworks;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.safetensors.TensorFile;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who acts and who is evaluated where the behaviour policy is adjusted. */
@Timeout(240)
final class PropsRunTest {
  @TempDir Path folder = Path.of("");
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  @Test
  void theAdjustedPolicySamplesAndTheLearnedOneIsEvaluated() throws Exception {
    RunSpecification recipe = new PropsRuns("CartPole-v1").evaluateEvery(2).build(7);
    RunDirectory directory = new RunDirectory(folder);

    RunSummary summary =
        Troupe.start(recipe, directory, options())
            .done()
            .toCompletableFuture()
            .get(120, TimeUnit.SECONDS);

    List<PolicyVersion> evaluated =
        evaluations().stream().map(RunEvent.EvaluationEnded::version).toList();
    assertThat(evaluated).extracting(PolicyVersion::update).containsExactly(0L, 2L, 4L, 6L, 7L);
    assertThat(evaluated).extracting(PolicyVersion::adjustment).containsOnly(0);
    assertThat(evaluated)
        .last()
        .extracting(PolicyVersion::hash)
        .isEqualTo(hash(directory, recipe, summary.lastCheckpoint().orElseThrow()));
    assertThat(evaluations())
        .allSatisfy(
            ended ->
                assertThat(ended.answers())
                    .isNotEmpty()
                    .allSatisfy(
                        answer ->
                            assertThat(answer.answer().trajectory().behaviour())
                                .isEqualTo(ended.version())));
    assertThat(summary.accuracyAfter()).hasValue(evaluations().getLast().accuracy());
    PropsRuns.Proof proof = PropsRuns.prove(directory, recipe);
    assertThat(proof.farthest()).isLessThan(2e-6);
    assertThat(proof.trajectories())
        .extracting(each -> each.behaviour().adjustment())
        .containsExactly(0, 0, 1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3);
  }

  private List<RunEvent.EvaluationEnded> evaluations() {
    return events.stream()
        .filter(RunEvent.EvaluationEnded.class::isInstance)
        .map(RunEvent.EvaluationEnded.class::cast)
        .toList();
  }

  private static String hash(RunDirectory directory, RunSpecification run, CheckpointRef of)
      throws IOException {
    Path file =
        new CheckpointStore(directory.checkpoints(), CheckpointHooks.NONE)
            .path(of)
            .resolve("weights.safetensors");
    try (TensorFile open = TensorFile.open(file);
        Parameters weights =
            ParameterFiles.read(
                open, ControlNetworks.of(run.control().orElseThrow()).layout(), Set.of())) {
      return weights.hash();
    }
  }

  private TroupeOptions options() {
    return TroupeOptions.of(
            events::add,
            Clock.systemUTC(),
            System::nanoTime,
            Thread.ofPlatform().daemon().name("io-", 1).factory())
        .serializingMessages();
  }
}
