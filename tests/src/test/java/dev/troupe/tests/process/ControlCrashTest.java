package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.run.CrashPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in environments is killed at moments that have a name, and goes on each time. */
final class ControlCrashTest {
  private static final int KILLED = 137;
  private static final int UPDATES = 40;

  private static final String RECIPE =
      """
      name = poles
      environment { id = CartPole-v1, count = 8, steps = 16, fragments = 2 }
      policy.hidden = [16]
      algorithm { epochs = 2, minibatches = 2, normalize-observations = true }
      replay { max-policy-lag = 1, journal.free-disk-min = 1 MiB }
      runtime.rollout-actors = 2
      evaluation { every = 10, episodes = 4 }
      checkpoints { every = 3, keep = 3 }
      stop.updates = 40
      """;

  @TempDir Path directory;

  /** Of those that pass through other code than runs of language models do. */
  @Test
  void goesOnToItsEndWithItsBooksInOrder() throws IOException {
    goesOnAfter(
        List.of(
            CrashPoint.AFTER_SAMPLING,
            CrashPoint.AFTER_UPDATE,
            CrashPoint.BEFORE_CHECKPOINT_RENAME,
            CrashPoint.DURING_PUBLISH));
  }

  @Test
  void endsWithTheWeightsOfARunThatNobodyKilled() throws IOException {
    RunFiles killed = endsUndisturbedAfter(List.of("after-sampling:9", "after-update:4"));
    Poles.assertEpisodesWentOn(killed, 2);
  }

  @Test
  @Tag("long")
  void endsWithTheWeightsOfARunThatNobodyKilledWhateverTheMoment() throws IOException {
    endsUndisturbedAfter(
        CrashPoint.ofAnyRun().stream().map(point -> point.label() + ":2").toList());
  }

  /** With two samplers, which at lag 0 sample what one does. */
  private RunFiles endsUndisturbedAfter(List<String> points) throws IOException {
    Product product = Product.in(directory);
    String alone = Poles.recipe(directory, 1).toString();
    product.run("train", alone, "--no-page", "--run", "undisturbed").with(0);
    String recipe = Poles.recipe(directory, 2).toString();
    List<String> words = new ArrayList<>(List.of("train", recipe, "--no-page", "--run", "killed"));
    for (String point : points) {
      product.crashingAt(point).run(words.toArray(String[]::new)).with(KILLED);
      if (!words.contains("--resume")) {
        words.add("--resume");
      }
    }

    product.run(words.toArray(String[]::new)).with(0);

    RunFiles killed = new RunFiles(directory.resolve("killed"));
    Poles.assertSame(killed, new RunFiles(directory.resolve("undisturbed")));
    return killed;
  }

  @Test
  @Tag("long")
  void goesOnAfterEveryMoment() throws IOException {
    goesOnAfter(CrashPoint.ofAnyRun());
  }

  private void goesOnAfter(List<CrashPoint> points) throws IOException {
    String recipe = Files.writeString(directory.resolve("poles.conf"), RECIPE).toString();
    Product product = Product.in(directory);
    RunFiles run = new RunFiles(directory.resolve("runs/poles"));
    boolean begun = false;
    for (CrashPoint point : points) {
      String[] words =
          begun
              ? new String[] {"train", recipe, "--no-page", "--resume"}
              : new String[] {"train", recipe, "--no-page"};
      product.crashingAt(point.label()).run(words).with(KILLED);
      run.orderlyCounts();
      begun = true;
    }

    product.run("train", recipe, "--no-page", "--resume").with(0);

    LedgerCounts counts = run.orderlyCounts();
    assertThat(counts.consumed()).isEqualTo(2 * UPDATES);
    assertThat(counts.leased() + counts.recorded() + counts.batched()).isZero();
    assertThat(run.summary().get("updates").getAsLong()).isEqualTo(UPDATES);
    assertThat(run.summary().get("returnAfter").getAsDouble()).isPositive();
  }
}
