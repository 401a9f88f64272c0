package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.tests.process.Product.Ended;
import dev.troupe.tests.process.Product.Running;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may work in a run directory, and how a person ends that. */
final class OneProcessTest {
  private static final int REFUSED = 2;
  private static final int STOPPED = 3;

  @TempDir Path directory;

  @Test
  void aSecondProcessIsRefusedAndCtrlCEndsTheFirstResumable() throws Exception {
    String recipe =
        TinyRecipe.in(directory, "stop.updates = 100000", "checkpoints.every = 1000").toString();
    Product product = Product.in(directory);
    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));
    Running first = product.start("train", recipe, "--no-page");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> run.figures() > TinyRecipe.SUPERVISED_STEPS || !first.process().isAlive());

    Ended second = product.run("train", recipe, "--no-page", "--resume").with(REFUSED);
    Ended anew = product.run("train", recipe, "--no-page", "--run", "runs/tiny").with(REFUSED);
    first.signal("INT");
    Ended drained = first.await().with(STOPPED);

    assertThat(second.err())
        .contains("is in use by process [" + first.process().pid() + "]")
        .contains("--run");
    assertThat(anew.err()).contains("[runs/tiny] holds a run already").contains("--resume");
    assertThat(drained.out()).contains("Go on with: ./troupe train runs/tiny --resume");
    long updates = run.summary().get("updates").getAsLong();
    product
        .run(
            "train", "runs/tiny", "--no-page", "--resume", "--set", "stop.updates=" + (updates + 2))
        .with(0);
    assertThat(run.summary().get("updates").getAsLong()).isEqualTo(updates + 2);
    assertThat(run.orderlyCounts().consumed()).isEqualTo((updates + 2) * TinyRecipe.BATCH);
  }
}
