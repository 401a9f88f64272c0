package dev.troupe.actors.journal;

import dev.troupe.actors.ledger.Samples;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.tensor.IntArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A run directory with a journal, and a listener that can be waited for. */
final class JournalFixture {
  static final JournalWriter.Settings SETTINGS = new JournalWriter.Settings(1 << 20, 100, 0);

  /** Remembers what it hears. */
  static final class Heard implements JournalListener {
    final BlockingQueue<Long> synced = new LinkedBlockingQueue<>();
    final BlockingQueue<JournalFailure> failures = new LinkedBlockingQueue<>();
    final BlockingQueue<Boolean> low = new LinkedBlockingQueue<>();
    final BlockingQueue<Location> written = new LinkedBlockingQueue<>();

    @Override
    public void synced(long position) {
      synced.add(position);
    }

    @Override
    public void written(LedgerEvent event, Location at) {
      written.add(at);
    }

    @Override
    public void failed(JournalFailure failure) {
      failures.add(failure);
    }

    @Override
    public void diskLow(boolean isLow, long freeBytes) {
      low.add(isLow);
    }

    void awaitSynced(long position) throws InterruptedException {
      while (true) {
        Long next = synced.poll(20, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError(
              "position [" + position + "] was not synced, failures " + failures);
        }
        if (next >= position) {
          return;
        }
      }
    }

    JournalFailure awaitFailure() throws InterruptedException {
      JournalFailure failure = failures.poll(20, TimeUnit.SECONDS);
      if (failure == null) {
        throw new AssertionError("nothing failed");
      }
      return failure;
    }
  }

  final Path journal;
  final Path epochs;

  JournalFixture(Path root) {
    journal = root.resolve("journal");
    epochs = root.resolve("epochs");
  }

  Epochs.Claim claim() {
    return new Epochs(epochs, "replay").claim("test");
  }

  /** Claims, seals, starts. */
  JournalWriter takeOver(Heard heard) {
    Epochs.Claim claim = claim();
    Seals.seal(journal, claim);
    return start(claim, heard, SETTINGS);
  }

  JournalWriter start(Epochs.Claim claim, Heard heard, JournalWriter.Settings settings) {
    return JournalWriter.start(journal, claim, settings, () -> Long.MAX_VALUE, Thread::new, heard);
  }

  List<LedgerEvent> read() throws IOException {
    List<LedgerEvent> events = new ArrayList<>();
    JournalReader.open(journal, epochs).forEach((event, _) -> events.add(event));
    return events;
  }

  static LedgerEvent ended(String why) {
    return new LedgerEvent.RunEnded(why);
  }

  static Lease lease(long group, int size) {
    int[] members = new int[size];
    for (int member = 0; member < size; member++) {
      members[member] = member;
    }
    return new Lease(
        new LeaseId(1, group + 1),
        new Group(group, Samples.task(group), size, Samples.VERIFIER),
        IntArray.of(members),
        1,
        Samples.LIMIT);
  }
}
