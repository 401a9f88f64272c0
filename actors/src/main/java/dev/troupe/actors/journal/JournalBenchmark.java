package dev.troupe.actors.journal;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.codec.LedgerEventCodec;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** Measures how fast records become durable on this machine's disk. */
public final class JournalBenchmark {

  /**
   * What was measured.
   *
   * @param recordBytes encoded size of one record
   * @param groupEvents records of one sync
   */
  public record Result(long records, int recordBytes, int groupEvents, double seconds) {
    public double recordsPerSecond() {
      return records / seconds;
    }

    public double megabytesPerSecond() {
      return records / seconds * recordBytes / 1e6;
    }
  }

  private JournalBenchmark() {}

  /**
   * Writes {@code records} copies of a record, {@code groupEvents} a sync, one group under way
   * while the next is handed over.
   *
   * @param directory empty; gets {@code journal} and {@code epochs}
   */
  public static Result run(
      Path directory,
      JudgedTrajectory record,
      long records,
      int groupEvents,
      ThreadFactory threads,
      LongSupplier nanos) {
    Path journal = directory.resolve("journal");
    Epochs.Claim claim = new Epochs(directory.resolve("epochs"), "replay").claim("benchmark");
    Seals.seal(journal, claim);
    Semaphore groups = new Semaphore(2);
    AtomicReference<JournalFailure> failure = new AtomicReference<>();
    JournalListener listener =
        new JournalListener() {
          @Override
          public void synced(long position) {
            groups.release();
          }

          @Override
          public void failed(JournalFailure failed) {
            failure.set(failed);
            groups.release(Integer.MAX_VALUE / 2);
          }

          @Override
          public void diskLow(boolean low, long freeBytes) {}
        };
    LedgerEvent event = new LedgerEvent.Recorded(record);
    List<LedgerEvent> group = Collections.nCopies(groupEvents, event);
    JournalWriter.Settings settings = new JournalWriter.Settings(256L << 20, groupEvents, 0);
    long began = nanos.getAsLong();
    try (JournalWriter writer =
        JournalWriter.start(journal, claim, settings, () -> Long.MAX_VALUE, threads, listener)) {
      for (long written = 0; written < records; written += groupEvents) {
        groups.acquireUninterruptibly();
        writer.append(group);
      }
    }
    double seconds = (nanos.getAsLong() - began) / 1e9;
    JournalFailure failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException(failed.message());
    }
    int bytes = LedgerEventCodec.encode(event).length;
    return new Result(records, bytes, groupEvents, seconds);
  }
}
