package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.tests.process.Product.Ended;
import dev.troupe.tests.process.Product.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments, and at each that has a name. A random one is a number of
 * figures that the run has written down and some milliseconds, both drawn from a seed that failures
 * print.
 */
final class KillTest {
  private static final int KILLED = 137;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir Path directory;

  @Test
  void aRunThatIsKilledAgainAndAgainComesToItsEnd() throws Exception {
    String recipe = TinyRecipe.in(directory).toString();
    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));
    long seed = 20_261_123;
    Random moments = new Random(seed);

    int kills = killed(Product.in(directory), run, moments, 3, 12, recipe, "--no-page");

    assertThat(kills).as("kills with seed %d", seed).isEqualTo(3);
    Product.in(directory).run("train", recipe, "--no-page", "--resume").with(0);
    Finished.check(run);
  }

  @Test
  @Tag("long")
  void theMainJobLearnsAsMuchHoweverOftenItIsKilled() throws Exception {
    String recipe = Path.of("..", "recipes", "sums.conf").toAbsolutePath().normalize().toString();
    Product product = Product.in(directory).patient(Duration.ofMinutes(20));
    List<Double> undisturbed = new ArrayList<>();
    for (int seed = 1; seed <= 3; seed++) {
      String name = "undisturbed-" + seed;
      product.run("train", recipe, "--no-page", "--run", name, "--set", "seed=" + seed).with(0);
      undisturbed.add(accuracy(new RunFiles(directory.resolve(name))));
    }
    undisturbed.sort(null);
    long seed = 4711;
    RunFiles run = new RunFiles(directory.resolve("disturbed"));

    String[] disturbed = {
      recipe, "--no-page", "--run", "disturbed", "--set", "checkpoints.every=10"
    };
    Random moments = new Random(seed);

    int kills = killed(product, run, moments, 10, 25, disturbed);
    // In the phase of reinforcement learning, where all of them are.
    for (CrashPoint point : CrashPoint.ofAnyRun()) {
      product
          .crashingAt(point.label())
          .run("train", "disturbed", "--no-page", "--resume")
          .with(KILLED);
      run.orderlyCounts();
    }
    kills += killed(product, run, moments, 10, 4, disturbed);

    product.run("train", "disturbed", "--no-page", "--resume").with(0);
    assertThat(kills).as("kills with seed %d", seed).isEqualTo(20);
    LedgerCounts counts = run.orderlyCounts();
    assertThat(counts.leased() + counts.recorded() + counts.batched()).isZero();
    System.out.printf(
        "killed at %d random and %d named moments: accuracy %.4f, undisturbed %s%n",
        kills, CrashPoint.ofAnyRun().size(), accuracy(run), undisturbed);
    assertThat(accuracy(run))
        .as("undisturbed %s, seed of the kills %d", undisturbed, seed)
        .isGreaterThanOrEqualTo(0.9)
        .isCloseTo(undisturbed.get(1), within(0.02));
  }

  private static double accuracy(RunFiles run) throws IOException {
    return run.summary().get("accuracyAfter").getAsDouble();
  }

  /** Kills the run {@code times} times, each at most {@code figuresMax} figures after its start. */
  private static int killed(
      Product product, RunFiles run, Random moments, int times, int figuresMax, String... arguments)
      throws Exception {
    int kills = 0;
    for (int i = 0; i < times; i++) {
      List<String> command = new ArrayList<>(List.of("train"));
      command.addAll(List.of(arguments));
      if (Files.exists(run.directory().root())) {
        command.add("--resume");
      }
      long until = run.figures() + 1 + moments.nextInt(figuresMax);
      Running process = product.start(command.toArray(String[]::new));
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> run.figures() >= until || !process.process().isAlive());
      boolean ended = process.process().waitFor(moments.nextInt(60), TimeUnit.MILLISECONDS);
      Ended end = process.kill();
      if (!ended) {
        end.with(KILLED);
        run.orderlyCounts();
        kills++;
      }
    }
    return kills;
  }
}
