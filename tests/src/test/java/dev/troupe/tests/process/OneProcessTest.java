package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.tests.process.Product.Ended;
import dev.troupe.tests.process.Product.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may work in a run directory, and how a person ends that. */
final class OneProcessTest {
  private static final int REFUSED = 2;
  private static final int STOPPED = 3;
  private static final int FAILED = 1;
  private static final int INTERRUPTED = 130;
  private static final String ROOM = "replay.journal.free-disk-min=1 MiB";

  @TempDir Path directory;

  @Test
  void aSecondProcessIsRefusedAndTheFirstEndsResumableWhenAsked() throws Exception {
    String recipe =
        TinyRecipe.in(directory, "stop.updates = 100000", "checkpoints.every = 1000").toString();
    Product product = Product.in(directory);
    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));
    Running first = product.start("train", recipe, "--no-page");
    awaitUpdates(run, first);

    Ended second = product.run("train", recipe, "--no-page", "--resume").with(REFUSED);
    Ended anew = product.run("train", recipe, "--no-page", "--run", "runs/tiny").with(REFUSED);
    first.signal("TERM");
    Ended drained = first.await().with(STOPPED);

    assertThat(second.err())
        .contains("is in use by process [" + first.process().pid() + "]")
        .contains("--run");
    assertThat(anew.err()).contains("[runs/tiny] holds a run already").contains("--resume");
    assertThat(drained.out()).contains("Go on with: ./troupe train runs/tiny --resume");
    long updates = run.summary().get("updates").getAsLong();
    double seconds = run.summary().get("wallSeconds").getAsDouble();
    String[] longer = {
      "train", "runs/tiny", "--no-page", "--resume", "--set", "stop.updates=" + (updates + 2)
    };
    product.run(longer).with(0);
    assertThat(run.summary().get("updates").getAsLong()).isEqualTo(updates + 2);
    assertThat(run.summary().get("processes").getAsInt()).isEqualTo(2);
    assertThat(run.summary().get("wallSeconds").getAsDouble()).isGreaterThan(seconds);
    aFinishedRunIsLeftAlone(product, run, longer);
    assertThat(run.orderlyCounts().consumed()).isEqualTo((updates + 2) * TinyRecipe.BATCH);
  }

  private static void aFinishedRunIsLeftAlone(Product product, RunFiles run, String... resume)
      throws Exception {
    String before = Files.readString(run.directory().summary());
    long figures = run.figures();
    assertThat(product.run(resume).with(0).out())
        .contains("runs/tiny/ is finished: it made the [")
        .contains("accuracy    ")
        .contains("./troupe train runs/tiny --resume --set stop.updates=");
    assertThat(run.figures()).isEqualTo(figures);
    assertThat(Files.readString(run.directory().summary())).isEqualTo(before);
  }

  @Test
  void aFirstCtrlCDrainsAndASecondOneEndsAtOnce() throws Exception {
    String recipe =
        TinyRecipe.in(
                directory,
                "stop.updates = 100000",
                "checkpoints.every = 1000",
                "evaluation.every = 1000")
            .toString();
    Product product = Product.in(directory).heedingCtrlC();
    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));
    Running patient = product.start("train", recipe, "--no-page");
    awaitUpdates(run, patient);
    patient.signal("INT");
    Ended drained = patient.await().with(STOPPED);
    assertThat(drained.out())
        .contains("finishing what is under way and making a checkpoint; Ctrl-C again stops at once")
        .contains("Go on with: ./troupe train runs/tiny --resume");
    long updates = run.summary().get("updates").getAsLong();
    assertThat(run.events(Committed.class).getLast().lastBatch()).isEqualTo(updates);

    Running impatient = product.start("train", "runs/tiny", "--no-page", "--resume");
    awaitFigures(run, impatient, run.figures() + 3);
    // Both arrive while the process stands still, so that hardly anything is done between them.
    impatient.signal("STOP");
    impatient.signal("INT");
    impatient.signal("TERM");
    impatient.signal("CONT");
    Ended stopped = impatient.await().with(INTERRUPTED);

    assertThat(stopped.out()).doesNotContain("Go on with");
    long after = run.events(Committed.class).getLast().lastBatch() + 1;
    product
        .run("train", "runs/tiny", "--no-page", "--resume", "--set", "stop.updates=" + after)
        .with(0);
    assertThat(run.orderlyCounts().consumed()).isEqualTo(after * TinyRecipe.BATCH);
  }

  @Test
  void aFrozenProcessThatWakesUpAfterAnotherTookOverIsFencedOff() throws Exception {
    String recipe = TinyRecipe.in(directory, "stop.updates = 100000").toString();
    Product product = Product.in(directory);
    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));
    Running frozen = product.start("train", recipe, "--no-page");
    awaitUpdates(run, frozen);
    frozen.signal("STOP");
    // As on storage that machines share, where the lock of one isn't seen by the others.
    Files.delete(run.directory().root().resolve("run.lock"));
    long updates = run.events(Committed.class).getLast().lastBatch() + 4;

    product
        .run("train", "runs/tiny", "--no-page", "--resume", "--set", "stop.updates=" + updates)
        .with(0);
    LedgerCounts before = run.orderlyCounts();
    frozen.signal("CONT");
    Ended fenced = frozen.await().with(FAILED);

    // The second where it was frozen while it wrote a checkpoint.
    assertThat(fenced.err())
        .containsAnyOf(
            "is over: a newer writer claimed epoch [", "another process has taken over this run");
    assertThat(run.orderlyCounts()).isEqualTo(before);
    assertThat(before.consumed()).isEqualTo(updates * TinyRecipe.BATCH);
    assertThat(run.summary().get("updates").getAsLong()).isEqualTo(updates);
    run.checkpoints().open(run.events(Committed.class).getLast().checkpoint());
  }

  @Test
  void aRunPausesBeforeTheDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
    String recipe = TinyRecipe.in(directory).toString();
    Product product = Product.in(directory);
    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));
    Running paused =
        product.start(
            "train", recipe, "--no-page", "--set", "replay.journal.free-disk-min=1000000 GiB");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                Files.readString(paused.out()).contains("bytes of disk are free")
                    || !paused.process().isAlive());
    paused.signal("TERM");
    Ended drained = paused.await().with(STOPPED);

    assertThat(drained.out())
        .contains("replay.journal.free-disk-min; the run goes on when there is room");
    product.run("train", "runs/tiny", "--no-page", "--resume", "--set", ROOM).with(0);
    Finished.check(run);
  }

  private static void awaitUpdates(RunFiles run, Running process) {
    awaitFigures(run, process, TinyRecipe.SUPERVISED_STEPS + 4);
  }

  private static void awaitFigures(RunFiles run, Running process, long figures) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> run.figures() > figures || !process.process().isAlive());
  }
}
