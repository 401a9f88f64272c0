package dev.troupe.deploy.bench;

import dev.troupe.actors.journal.JournalBenchmark;
import dev.troupe.actors.journal.LedgerBenchmark;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.LongSupplier;

/** How fast the journal is, and the books that are kept in it. */
public final class BooksBenchmarks {
  private static final int TRAJECTORY_BYTES = 6_000;
  private static final int LEASES_PER_NODE = 10;
  private static final double LEDGER_RATE = 20_000;
  private static final double LEDGER_SECONDS = 4;

  private final Console console;
  private final LongSupplier nanos;
  private final Scratch scratch;

  public BooksBenchmarks(Console console, LongSupplier nanos, Scratch scratch) {
    this.console = console;
    this.nanos = nanos;
    this.scratch = scratch;
  }

  /** Records of 8 KB made durable, a sync every 100. */
  public void journal() throws IOException {
    try (Scratch.Folder folder = scratch.folder("bench-journal")) {
      JournalBenchmark.Result result =
          JournalBenchmark.run(
              folder.path(),
              LargeRecord.ofBytes(8_000),
              20_000,
              100,
              Thread.ofPlatform().daemon().name("journal-", 0).factory(),
              nanos);
      console.format(
          "journal    %s records of %s a second, a sync every %d, %.0f MB/s",
          Figures.count(result.recordsPerSecond()),
          Figures.bytes(result.recordBytes()),
          result.groupEvents(),
          result.megabytesPerSecond());
    }
  }

  /**
   * The books of 10, 100 and 1,000 nodes with ten leases each, trajectories of 6 KB: as many as
   * they take, and how soon grants leave at the rate that is promised.
   */
  public void ledger() throws IOException {
    for (int nodes : List.of(10, 100, 1_000)) {
      LedgerBenchmark.Result most = ledger(nodes, 0);
      LedgerBenchmark.Result paced = ledger(nodes, LEDGER_RATE);
      console.format(
          "ledger     %,5d nodes, %,6d leases out: %s trajectories/s, %.1f us of a core each;"
              + " at %s/s grants leave in %.1f ms, 99%% of them within %.1f ms",
          nodes,
          most.leasesOut(),
          console.bold(Figures.count(most.perSecond())),
          most.cpuMicros(),
          Figures.count(paced.perSecond()),
          paced.grantMedianMillis(),
          paced.grantLateMillis());
    }
  }

  private LedgerBenchmark.Result ledger(int nodes, double perSecond) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    try (Scratch.Folder folder = scratch.folder("bench-ledger")) {
      return LedgerBenchmark.run(
          folder.path(),
          new LedgerBenchmark.Load(nodes, LEASES_PER_NODE, perSecond, LEDGER_SECONDS),
          LargeRecord.ofBytes(TRAJECTORY_BYTES),
          Thread.ofPlatform().daemon().name("journal-", 0).factory(),
          nanos,
          threads::getCurrentThreadCpuTime);
    }
  }
}
