package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.tests.process.Product.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loss of the recipe's own that fails during the run, and what becomes of it then. */
final class LossTest {
  private static final int FAILED = 1;
  private static final int REFUSED = 2;

  @TempDir Path directory;

  /** {@code line} is line 3 of the file. */
  private void write(String line) throws IOException {
    Files.writeString(
        directory.resolve("mine.py"),
        """
        def policy_loss(logp: Tensor, old_logp: Tensor, behaviour_logp: Tensor, reference_logp: Tensor,
                entropy: Tensor, advantages: Tensor, mask: Tensor, weights: Tensor) -> Tuple[Tensor, Tensor]:
            %s
            return (torch.sum(-advantages * logp * weights), torch.gt(mask, 1.))
        """
            .formatted(line));
  }

  @Test
  void aLastingFailureEndsTheRunAtOnceAndAMendedLossGoesOn() throws IOException {
    // Three rows are what a trial before the run has.
    write("assert logp.size(0) < 4, \"too many rows\"");
    String recipe = TinyRecipe.in(directory, "learner.loss = mine.py").toString();

    Ended failed = Product.in(directory).run("train", recipe, "--no-page").with(FAILED);

    assertThat(failed.err())
        .contains("learner.loss: mine.py, line 3 [assert logp.size(0) < 4, \"too many rows\"]: ")
        .contains("AssertionError: too many rows; ")
        .contains("no update was made with it yet, so that it may be mended")
        .contains("the last good checkpoint is of step [20];")
        .doesNotContain("Traceback", "HERE", "EngineException", "Exception:");
    assertThat(failed.out()).doesNotContain("restarted");

    write("w = weights");
    Product.in(directory)
        .run("train", "runs/tiny", "--resume", "--set", "learner.loss=mine.py", "--no-page")
        .with(0);
    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));
    Finished.check(run);

    write("w = weights * 2.");
    Ended refused =
        Product.in(directory).run("train", recipe, "--resume", "--no-page").with(REFUSED);
    assertThat(refused.err())
        .contains("learner.loss: got [")
        .contains("it made [8] updates with it")
        .contains("--set model.init-from=runs/tiny --set sft.steps=0");
  }
}
