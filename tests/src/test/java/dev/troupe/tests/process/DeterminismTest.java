package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import dev.troupe.protocol.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out bit for bit again. */
final class DeterminismTest {
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

  private static List<String> hashes(RunFiles run) throws IOException {
    return run.events(Updated.class).stream()
        .map(Updated::version)
        .map(PolicyVersion::hash)
        .toList();
  }
}
