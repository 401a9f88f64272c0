package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose behaviour policy is adjusted is killed, goes on, and is proven. */
final class AdjustedRunTest {
  private static final int KILLED = 137;

  private static final String RECIPE =
      """
      name = poles
      environment { id = CartPole-v1, count = 4, steps = 8 }
      policy.hidden = [16]
      algorithm { epochs = 2, minibatches = 2, learning-rate = 1e-2, normalize-observations = true }
      adjustment { method = props, collections = 3, buffer = 2, learning-rate = 1e-2, epochs = 8 }
      adjustment { minibatches = 1, target-kl = 1 }
      replay.journal { retain = all, free-disk-min = 1 MiB }
      evaluation { every = 5, episodes = 8 }
      checkpoints { every = 4, keep = 9 }
      stop.updates = 16
      """;

  @TempDir Path directory;

  @Test
  void itsUpdatesAreMadeAgainBitByBitAndWhatItLearnedIsEvaluated() throws IOException {
    String recipe = Files.writeString(directory.resolve("poles.conf"), RECIPE).toString();
    Product product = Product.in(directory);
    RunFiles run = new RunFiles(directory.resolve("runs/poles"));
    product.crashingAt("after-update:7").run("train", recipe, "--no-page").with(KILLED);
    product.run("train", recipe, "--no-page", "--resume").with(0);

    assertThat(product.run("replay", "runs/poles").with(0).out())
        .contains("are bit-equal to what the journal has for them")
        .contains("checkpoint of step 16: bit-equal")
        .doesNotContain("DIFFERS");
    double after = run.summary().get("returnAfter").getAsDouble();
    String words = String.format(Locale.ROOT, Math.abs(after) < 10 ? "%.3f" : "%.1f", after);
    assertThat(product.run("eval", "runs/poles").with(0).out()).contains("return " + words + " ±");
  }
}
