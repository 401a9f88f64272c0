package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import dev.troupe.tests.process.Product.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Losses that aren't numbers, made by a loss of the recipe's own. */
final class NonFiniteTest {
  private static final int FAILED = 1;

  @TempDir Path directory;

  /** Its loss is a number for the few sequences that a trial before the run makes up. */
  private Path recipe(int budget) throws IOException {
    Files.writeString(
        directory.resolve("mine.py"),
        """
        def policy_loss(logp: Tensor, old_logp: Tensor, behaviour_logp: Tensor, reference_logp: Tensor,
                entropy: Tensor, advantages: Tensor, mask: Tensor, weights: Tensor) -> Tuple[Tensor, Tensor]:
            harmless = 1.
            if logp.size(0) > 3:
                harmless = nan
            return (torch.sum(logp * weights) * harmless, torch.gt(mask, 1.))
        """);
    return TinyRecipe.in(
        directory, "learner.loss = mine.py", "learner.non-finite-budget = " + budget);
  }

  @Test
  void updatesWithoutAFiniteLossAreSkippedAndCountedAndChangeNothing() throws IOException {
    String recipe = recipe(TinyRecipe.UPDATES).toString();

    Ended ended = Product.in(directory).run("train", recipe, "--no-page").with(0);

    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));
    Finished.check(run);
    assertThat(ended.out()).contains("8 (8 skipped)");
    assertThat(run.events(Updated.class)).filteredOn(Updated::skipped).hasSize(TinyRecipe.UPDATES);
    assertThat(run.events(Updated.class).stream().map(it -> it.version().hash()).distinct())
        .hasSize(1);
  }

  @Test
  void pastTheBudgetTheRunStopsAndNamesTheLastGoodCheckpoint() throws IOException {
    String recipe = recipe(5).toString();

    Ended ended = Product.in(directory).run("train", recipe, "--no-page").with(FAILED);

    assertThat(ended.err())
        .contains("[6] updates were skipped")
        .contains("is [5]")
        .contains(
            "the last good checkpoint is of step [" + (TinyRecipe.SUPERVISED_STEPS + 4) + "]");
    new RunFiles(directory.resolve("runs/tiny")).orderlyCounts();
  }
}
