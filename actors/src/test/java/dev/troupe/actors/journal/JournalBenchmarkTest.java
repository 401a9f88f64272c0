package dev.troupe.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.ledger.Samples;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.trajectory.Trajectory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalBenchmarkTest {
  @TempDir Path root;

  @Test
  void writesWhatItMeasures() throws Exception {
    Trajectory small = Samples.trajectory(JournalFixture.lease(0, 1), 0, Samples.version(1, 0));
    Trajectory large =
        new Trajectory(
            small.id(), small.lease(), small.attempt(), small.versions(), Samples.body(620));
    JournalBenchmark.Result result =
        JournalBenchmark.run(
            root,
            Samples.judged(large, new Outcome.Scored(1)),
            300,
            100,
            Thread::new,
            System::nanoTime);
    assertThat(result.recordBytes()).isBetween(8_000, 8_400);
    assertThat(result.recordsPerSecond()).isPositive();
    assertThat(new JournalFixture(root).read()).hasSize(300);
  }
}
