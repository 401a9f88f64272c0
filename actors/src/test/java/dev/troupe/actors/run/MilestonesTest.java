package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.RunEvent.Occasion;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.run.StopSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MilestonesTest {
  @TempDir Path directory;

  private Milestones open() {
    Milestones milestones = Milestones.open(new RunDirectory(directory));
    milestones.begin();
    return milestones;
  }

  @Test
  void remembersTheBestEvaluationItsCheckpointAndTheTime() {
    CheckpointRef best = new CheckpointRef(8, 1, "a".repeat(64));
    Milestones first = open();
    first.evaluated(Occasion.BEFORE, 4, 0.25);
    first.evaluated(Occasion.DURING, 8, 0.75);
    first.evaluated(Occasion.DURING, 12, 0.5);
    first.committed(best);
    first.wall(4);
    first.wall(10);
    Milestones second = open();
    second.wall(5);
    Milestones third = open();
    assertThat(third.before()).hasValue(0.25);
    assertThat(third.best()).hasValue(0.75);
    assertThat(third.bestUpdate()).isEqualTo(8);
    assertThat(third.bestCheckpoint()).hasValue(best);
    assertThat(third.seconds()).isEqualTo(15);
    assertThat(third.lives()).isEqualTo(3);
    assertThat(third.lastAccuracy()).hasValue(0.5);
  }

  @Test
  void addsUpWhatSeveralProcessesMeasured() {
    Milestones first = open();
    first.figures(new RunFigures(5, 500, 10, 1, 800, 2, 100, 50));
    first.figures(new RunFigures(10, 1_000, 20, 2, 1_600, 4, 200, 100));
    Milestones second = open();
    second.figures(new RunFigures(30, 5_000, 60, 30, 1_600, 28, 600, 900));

    RunFigures whole = Milestones.read(new RunDirectory(directory)).figures();

    assertThat(second.figures()).isEqualTo(whole);
    assertThat(whole.samplingTokensPerSecond()).isEqualTo(150);
    assertThat(whole.learningTokensPerSecond()).isEqualTo(80);
    assertThat(whole.samplingIdleShare()).isEqualTo(0.4);
    assertThat(whole.learningIdleShare()).isEqualTo(0.8);
    assertThat(whole.meanPolicyLag()).isEqualTo(1.25);
  }

  @Test
  void aFurtherTryInTheSameProcessCountsFromZeroAgain() {
    Milestones milestones = open();
    milestones.wall(7);
    milestones.begin();
    milestones.wall(2);
    assertThat(milestones.seconds()).isEqualTo(9);
    assertThat(Milestones.read(new RunDirectory(directory)).seconds()).isEqualTo(9);
  }

  @Test
  void knowsFromItsFilesWhetherARunIsFinished() {
    Milestones first = open();
    first.evaluated(Occasion.DURING, 8, 0.9);
    first.wall(60);
    RunDirectory run = new RunDirectory(directory);

    assertThat(StopConditions.met(run, stop(10, 0, 0, 0), 10, 0))
        .hasValueSatisfying(why -> assertThat(why).contains("[10] updates"));
    assertThat(StopConditions.met(run, stop(11, 0, 0, 0), 10, 0)).isEmpty();
    assertThat(StopConditions.longer(stop(10, 0, 60, 0), 10)).isEqualTo("--set stop.updates=20");
    assertThat(StopConditions.longer(stop(11, 0, 60, 0), 10))
        .isEqualTo("--set stop.wall-time=120s");
    assertThat(StopConditions.met(run, stop(0, 500, 0, 0), 10, 500)).isPresent();
    assertThat(StopConditions.met(run, stop(0, 0, 60, 0), 10, 0)).isPresent();
    assertThat(StopConditions.met(run, stop(0, 0, 61, 0), 10, 0)).isEmpty();
    assertThat(StopConditions.met(run, stop(0, 0, 0, 0.9), 10, 0)).isPresent();
    assertThat(StopConditions.met(run, stop(0, 0, 0, 0.91), 10, 0)).isEmpty();
  }

  private static StopSpecification stop(
      long updates, long trajectories, long seconds, double accuracy) {
    return new StopSpecification(updates, trajectories, Duration.ofSeconds(seconds), accuracy, 0);
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
    assertThat(third.seconds()).isEqualTo(10);
  }
}
