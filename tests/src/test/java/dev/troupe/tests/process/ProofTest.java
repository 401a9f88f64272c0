package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.ledger.LedgerEvent.BatchCut;
import dev.troupe.protocol.ledger.LedgerEvent.IncarnationBegan;
import dev.troupe.protocol.ledger.LedgerEvent.Recorded;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.outcome.Outcome.Scored;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.tests.process.Product.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code troupe replay} proves, and what it doesn't call proven. */
final class ProofTest {
  private static final int KILLED = 137;
  private static final int NOT_PROVEN = 1;

  @TempDir Path directory;

  @Test
  void theReplayOfAKilledRunProvesItsWeightsAndNamesTheFirstForgedUpdate() throws IOException {
    String recipe = TinyRecipe.in(directory).toString();
    Product product = Product.in(directory);
    product.crashingAt("after-update:6").run("train", recipe, "--no-page").with(KILLED);
    product.run("train", recipe, "--no-page", "--resume").with(0);
    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));

    Ended proven = product.run("replay", "runs/tiny").with(0);
    assertThat(proven.out()).contains("proven").contains("bit-equal");

    BatchCut forged = lastBatchThatTeaches(run);
    AlteredJournal.addToFirstLogProb(
        run.directory().journal(), memberThatTeaches(run, forged), -0.25f);
    run.orderlyCounts();
    Ended differs = product.run("replay", "runs/tiny").with(NOT_PROVEN);
    assertThat(differs.out())
        .contains("DIFFERS at step " + (TinyRecipe.SUPERVISED_STEPS + forged.number()) + ":");
  }

  @Test
  void onAnotherKindOfProcessorBatchesAreProvenAndWeightsByTolerance() throws IOException {
    Product product = Product.in(directory);
    product.run("train", TinyRecipe.in(directory).toString(), "--no-page").with(0);
    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));
    assertThat(run.events(IncarnationBegan.class))
        .extracting(IncarnationBegan::processor)
        .allMatch(ProcessorKind::isKnown);
    Product other = product.onAnOldProcessor();

    Ended near = other.run("replay", "runs/tiny").with(0);
    assertThat(near.out())
        .contains("weights are compared by tolerance")
        .contains("settings [], here [ATEN_CPU_CAPABILITY=default")
        .contains("proven")
        .doesNotContain("DIFFERS", "NOT PROVEN");

    BatchCut forged = lastBatchThatTeaches(run);
    String named = "DIFFERS at step " + (TinyRecipe.SUPERVISED_STEPS + forged.number()) + ": ";
    float sketched = 0.5f;
    AlteredJournal.addToFirstOfSketch(run.directory().journal(), forged.number(), sketched);
    assertThat(other.run("replay", "runs/tiny").with(NOT_PROVEN).out())
        .contains(named + "tensor [model.embed_tokens.weight]")
        .contains("NOT PROVEN: the replay didn't come to it");
    AlteredJournal.addToFirstOfSketch(run.directory().journal(), forged.number(), -sketched);

    AlteredJournal.addToFirstLogProb(
        run.directory().journal(), memberThatTeaches(run, forged), -1e-3f);
    assertThat(other.run("replay", "runs/tiny").with(NOT_PROVEN).out())
        .contains(named + "batch [" + forged.number() + "] of the journal has hash");
  }

  @Test
  void supervisedCheckpointsAreProvenWhereTheRunDidNotComeFarther() throws IOException {
    Product product = Product.in(directory);
    product
        .crashingAt("after-checkpoint-before-commit:2")
        .run("train", TinyRecipe.in(directory).toString(), "--no-page")
        .with(KILLED);

    assertThat(product.run("replay", "runs/tiny").with(0).out())
        .contains("checkpoint of step 3: bit-equal")
        .contains("checkpoint of step 6: its commit was never recorded");
  }

  @Test
  void whereNothingCouldBeProvenItSaysWhy() throws IOException {
    Product product = Product.in(directory);
    product
        .crashingAt("before-checkpoint-rename:1")
        .run("train", TinyRecipe.in(directory).toString(), "--no-page")
        .with(KILLED);

    assertThat(product.run("replay", "runs/tiny").with(NOT_PROVEN).out())
        .contains(
            "nothing proven: the journal has the weights of 0 steps and 0 committed checkpoints,"
                + " but the learner ended before its first checkpoint and its first update")
        .doesNotContain("bit-equal");
  }

  /** The last batch with a group whose scores differ: others have no gradient to change. */
  private static BatchCut lastBatchThatTeaches(RunFiles run) throws IOException {
    Map<TrajectoryId, Double> scores = scores(run);
    return run.events(BatchCut.class).reversed().stream()
        .filter(cut -> cut.ids().stream().anyMatch(id -> differs(scores, cut, id)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no batch has a group whose scores differ"));
  }

  private static TrajectoryId memberThatTeaches(RunFiles run, BatchCut cut) throws IOException {
    Map<TrajectoryId, Double> scores = scores(run);
    return cut.ids().stream().filter(id -> differs(scores, cut, id)).findFirst().orElseThrow();
  }

  private static boolean differs(Map<TrajectoryId, Double> scores, BatchCut cut, TrajectoryId id) {
    return cut.ids().stream()
        .anyMatch(
            other ->
                other.group() == id.group() && !Objects.equals(scores.get(other), scores.get(id)));
  }

  private static Map<TrajectoryId, Double> scores(RunFiles run) throws IOException {
    Map<TrajectoryId, Double> scores = new HashMap<>();
    for (Recorded recorded : run.events(Recorded.class)) {
      if (recorded.trajectory().outcome() instanceof Scored scored) {
        scores.put(recorded.trajectory().trajectory().id(), scored.value());
      }
    }
    return scores;
  }
}
