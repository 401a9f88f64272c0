package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent.BatchCut;
import dev.troupe.protocol.ledger.LedgerEvent.Recorded;
import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import dev.troupe.protocol.outcome.Outcome.Scored;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.tests.process.Product.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out bit for bit again. */
final class DeterminismTest {
  private static final int KILLED = 137;
  private static final int DIFFERS = 1;

  @TempDir Path directory;

  @Test
  void twoRunsWithoutLagMakeBitEqualCheckpoints() throws IOException {
    String recipe =
        TinyRecipe.in(
                directory,
                "replay.max-policy-lag = 0",
                "checkpoints { every = 5, keep = 100 }",
                "evaluation.every = 2")
            .toString();
    Product product = Product.in(directory);

    product.run("train", recipe, "--no-page", "--run", "one").with(0);
    product.run("train", recipe, "--no-page", "--run", "two").with(0);

    RunFiles one = new RunFiles(directory.resolve("one"));
    RunFiles two = new RunFiles(directory.resolve("two"));
    Finished.check(one);
    Finished.check(two);
    assertThat(hashes(two)).isEqualTo(hashes(one)).doesNotHaveDuplicates();
    List<CheckpointRef> checkpoints = one.checkpoints().list();
    assertThat(two.checkpoints().list()).hasSameSizeAs(checkpoints);
    assertThat(checkpoints).extracting(CheckpointRef::update).contains(5L, 20L, 22L, 28L);
    for (CheckpointRef checkpoint : checkpoints) {
      for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
        assertThat(two.checkpoints().path(checkpoint).resolve(file))
            .hasSameBinaryContentAs(one.checkpoints().path(checkpoint).resolve(file));
      }
    }
  }

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
    Ended differs = product.run("replay", "runs/tiny").with(DIFFERS);
    assertThat(differs.out())
        .contains("DIFFERS at step " + (TinyRecipe.SUPERVISED_STEPS + forged.number()) + ":");
  }

  private static List<String> hashes(RunFiles run) throws IOException {
    return run.events(Updated.class).stream()
        .map(Updated::version)
        .map(PolicyVersion::hash)
        .toList();
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
