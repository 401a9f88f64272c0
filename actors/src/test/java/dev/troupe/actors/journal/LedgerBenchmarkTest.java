package dev.troupe.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.journal.LedgerBenchmark.Load;
import dev.troupe.actors.ledger.Samples;
import dev.troupe.protocol.lease.Lease;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerBenchmarkTest {
  @TempDir Path root;

  @Test
  void keepsTheBooksOfPretendedWorkersAndSaysHowFast() throws Exception {
    Lease lease = JournalFixture.lease(0, 1);
    LedgerBenchmark.Result result =
        LedgerBenchmark.run(
            root,
            new Load(2, 4, 0, 0.5),
            Samples.scored(lease, 0, Samples.version(1, 0), 1),
            Thread::new,
            System::nanoTime,
            System::nanoTime);
    assertThat(result.perSecond()).isPositive();
    assertThat(result.cpuMicros()).isPositive();
    assertThat(result.leasesOut()).isBetween(0, 8);
    assertThat(result.grantLateMillis()).isGreaterThanOrEqualTo(result.grantMedianMillis());
    assertThat(new JournalFixture(root).read()).isNotEmpty();
  }
}
