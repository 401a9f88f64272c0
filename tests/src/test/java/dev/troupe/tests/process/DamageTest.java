package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.tests.process.Product.Ended;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a dead process left behind and that something damaged before the run goes on. */
final class DamageTest {
  private static final int KILLED = 137;
  private static final int FAILED = 1;

  @TempDir static Path died;
  @TempDir Path directory;
  private Product product = Product.in(Path.of(""));
  private RunFiles run = new RunFiles(Path.of(""));

  @BeforeAll
  static void aRunDiesAfterItsSixthUpdate() throws IOException {
    String recipe = TinyRecipe.in(died).toString();
    Product.in(died).crashingAt("after-update:6").run("train", recipe, "--no-page").with(KILLED);
  }

  @BeforeEach
  void theDeadRunIsCopied() throws IOException {
    product = Product.in(directory);
    run = new RunFiles(directory.resolve("runs/tiny"));
    run.copyFrom(died.resolve("runs/tiny"));
  }

  private Ended resume(String... more) {
    String[] arguments =
        Stream.concat(
                Stream.of("train", run.directory().root().toString(), "--no-page", "--resume"),
                Stream.of(more))
            .toArray(String[]::new);
    return product.run(arguments);
  }

  @Test
  void aTornTailOfTheJournalIsCutAndCounted() throws IOException {
    Files.write(newest(run.directory().journal()), new byte[77], StandardOpenOption.APPEND);

    Ended ended = resume().with(0);

    assertThat(ended.out())
        .contains("cut [")
        .contains("bytes from the journal's end that were never");
    Finished.check(run);
  }

  @Test
  void aFlippedByteWithinTheJournalStopsWithFileAndOffsetAndCutsNothing() throws IOException {
    Path segment = newest(run.directory().journal());
    long size = Files.size(segment);
    flip(segment, size / 3);

    Ended ended = resume().with(FAILED);

    assertThat(ended.err())
        .contains("failed: journal segment [" + segment + "] is damaged at byte [")
        .contains("restore this file from a copy");
    assertThat(ended.out()).doesNotContain("Exception");
    assertThat(run.directory().root().resolve("failure.json"))
        .content()
        .contains("is damaged at byte [");
    assertThat(Files.size(segment)).isEqualTo(size);
    Ended audit = product.run("audit", run.directory().root().toString()).with(FAILED);
    assertThat(audit.out() + audit.err()).contains("is damaged at byte [");
    flip(segment, size / 3);
    resume().with(0);
    Finished.check(run);
  }

  @Test
  void aJournalThatCannotGrowEndsTheRunAndLosesNothingThatWasAcknowledged() throws IOException {
    product = product.writingAtMost(20);

    Ended ended =
        resume("--set", "checkpoints.every=1000", "--set", "evaluation.every=0").with(FAILED);

    assertThat(ended.err()).contains("File too large").contains("--resume");
    run.orderlyCounts();
    product = Product.in(directory);
    String root = run.directory().root().toString();
    assertThat(product.run("status", root).with(0).out())
        .contains("tiny: failed at 2")
        .containsPattern("why .*File too large")
        .contains("mend the cause, then: ./troupe train " + "runs/tiny --resume");
    resume().with(0);
    Finished.check(run);
  }

  @Test
  void aCheckpointThatCannotBeWrittenEndsTheRunAndTheOneBeforeCounts() throws IOException {
    long committed = run.events(Committed.class).getLast().checkpoint().update();
    product = product.writingAtMost(40);

    Ended ended = resume().with(FAILED);

    assertThat(ended.err())
        .contains("checkpoints")
        .contains("File too large")
        .contains("the last good checkpoint is of step [" + committed + "]");
    run.orderlyCounts();
    product = Product.in(directory);
    resume().with(0);
    Finished.check(run);
  }

  @Test
  void aFlippedByteInACheckpointIsRefusedAndThePreviousOneOffered() throws IOException {
    List<Committed> commits = run.events(Committed.class);
    CheckpointRef newest = commits.getLast().checkpoint();
    CheckpointRef previous = commits.get(commits.size() - 2).checkpoint();
    Path weights = run.checkpoints().path(newest).resolve("weights.safetensors");
    flip(weights, Files.size(weights) - 1);

    Ended refused = resume().with(FAILED);

    assertThat(refused.err())
        .contains(weights.toString())
        .contains("expected [SHA-256")
        .contains("--from-checkpoint " + previous.update())
        .contains("the last committed checkpoint is of step [" + newest.update() + "]")
        .doesNotContain("the last good checkpoint");
    resume("--from-checkpoint", String.valueOf(previous.update())).with(0);
    Finished.check(run);
  }

  private static Path newest(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.max(Path::compareTo).orElseThrow();
    }
  }

  private static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int was = bytes.read();
      bytes.seek(offset);
      bytes.write(was ^ 0x10);
    }
  }
}
