package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.RunEvent.Occasion;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MilestonesTest {
  @TempDir Path directory;

  private Milestones open() {
    return Milestones.open(new RunDirectory(directory));
  }

  @Test
  void remembersTheBestEvaluationItsCheckpointAndTheTime() {
    CheckpointRef best = new CheckpointRef(8, 1, "a".repeat(64));
    Milestones first = open();
    first.evaluated(Occasion.BEFORE, 4, 0.25);
    first.evaluated(Occasion.DURING, 8, 0.75);
    first.evaluated(Occasion.DURING, 12, 0.5);
    first.committed(best, 10);
    Milestones second = open();
    second.wall(5);
    Milestones third = open();
    assertThat(third.before()).hasValue(0.25);
    assertThat(third.best()).hasValue(0.75);
    assertThat(third.bestUpdate()).isEqualTo(8);
    assertThat(third.bestCheckpoint()).hasValue(best);
    assertThat(third.secondsBefore()).isEqualTo(15);
  }

  @Test
  void skipsALineThatACrashCutShortAndWritesOnBelowIt() throws Exception {
    Milestones first = open();
    first.evaluated(Occasion.DURING, 8, 0.25);
    first.wall(10);
    Files.writeString(
        directory.resolve("milestones.tsv"),
        "evaluation\tDURING\t12\t0.9",
        StandardOpenOption.APPEND);
    assertThat(open().best()).hasValue(0.25);
    Milestones third = open();
    assertThat(third.best()).hasValue(0.25);
    assertThat(third.secondsBefore()).isEqualTo(10);
  }
}
