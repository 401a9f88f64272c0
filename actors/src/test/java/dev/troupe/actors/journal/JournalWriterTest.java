package dev.troupe.actors.journal;

import static dev.troupe.actors.journal.JournalFixture.ended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.journal.JournalFixture.Heard;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalWriterTest {
  @TempDir Path root;
  private final Heard heard = new Heard();
  private JournalFixture fixture;

  @BeforeEach
  void makeFixture() {
    fixture = new JournalFixture(root);
  }

  @Test
  void givesBackEveryEventInOrder() throws Exception {
    JournalWriter writer = fixture.takeOver(heard);
    assertThat(writer.append(List.of(ended("a"), ended("b")))).isEqualTo(2);
    assertThat(writer.append(List.of(ended("c")))).isEqualTo(3);
    heard.awaitSynced(3);
    writer.close();
    assertThat(fixture.read()).containsExactly(ended("a"), ended("b"), ended("c"));
  }

  @Test
  void beginsANewSegmentWhenOneIsFull() throws Exception {
    Epochs.Claim claim = fixture.claim();
    Seals.seal(fixture.journal, claim);
    JournalWriter writer = fixture.start(claim, heard, new JournalWriter.Settings(2_000, 10, 0));
    List<LedgerEvent> events = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      events.add(ended("x".repeat(90) + i));
    }
    heard.awaitSynced(writer.append(events));
    writer.close();
    assertThat(fixture.read()).isEqualTo(events);
    assertThat(fixture.journal.resolve("000001-000001.log")).exists();
    assertThat(fixture.journal.resolve("000001-000005.log")).exists();
  }

  @Test
  void beginsASegmentWhereItIsTold() throws Exception {
    JournalWriter writer = fixture.takeOver(heard);
    writer.append(List.of(ended("a")));
    writer.nextSegment();
    heard.awaitSynced(writer.append(List.of(ended("b"))));
    writer.close();
    assertThat(heard.written)
        .extracting(Location::segment)
        .containsExactly(new SegmentName(1, 1), new SegmentName(1, 2));
  }

  @Test
  void whatGathersDuringASyncSharesTheNextOne() throws Exception {
    Epochs.Claim claim = fixture.claim();
    Seals.seal(fixture.journal, claim);
    CountDownLatch syncing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicLong syncs = new AtomicLong();
    JournalWriter writer =
        JournalWriter.start(
            fixture.journal,
            claim,
            JournalFixture.SETTINGS,
            file -> new SlowDisk(SegmentFile.onDisk(file), syncing, goOn, syncs),
            () -> Long.MAX_VALUE,
            Thread::new,
            heard);
    writer.append(List.of(ended("first")));
    syncing.await();
    for (int i = 0; i < 90; i++) {
      writer.append(List.of(ended("later")));
    }
    goOn.countDown();
    heard.awaitSynced(91);
    writer.close();
    assertThat(syncs).hasValue(2);
  }

  @Test
  void tellsNothingAsSyncedOnceTheDiskIsFull() throws Exception {
    JournalWriter writer = onFullDisk(1_000, "No space left on device");
    writer.append(List.of(ended("fits")));
    heard.awaitSynced(1);
    writer.append(List.of(ended("x".repeat(2_000))));
    assertThat(heard.awaitFailure())
        .isInstanceOf(JournalFailure.DiskFull.class)
        .extracting(JournalFailure::message)
        .asString()
        .contains("the disk is full", "000001-000001.log", "free some space");
    writer.append(List.of(ended("later")));
    writer.close();
    assertThat(heard.synced).isEmpty();
    assertThat(fixture.read()).containsExactly(ended("fits"));
  }

  @Test
  void reportsOtherDiskFailuresOnce() throws Exception {
    JournalWriter writer = onFullDisk(0, "Input/output error");
    writer.append(List.of(ended("a")));
    assertThat(heard.awaitFailure()).isInstanceOf(JournalFailure.Broken.class);
    writer.close();
    assertThat(heard.failures).isEmpty();
    assertThat(heard.synced).isEmpty();
  }

  @Test
  void warnsWhenTheDiskIsNearlyFullAndWhenItIsNotAnyMore() throws Exception {
    Epochs.Claim claim = fixture.claim();
    Seals.seal(fixture.journal, claim);
    AtomicLong free = new AtomicLong(10);
    JournalWriter writer =
        JournalWriter.start(
            fixture.journal,
            claim,
            new JournalWriter.Settings(1 << 20, 100, 1_000),
            free::get,
            Thread::new,
            heard);
    heard.awaitSynced(writer.append(List.of(ended("a"))));
    assertThat(heard.low.take()).isTrue();
    free.set(2_000);
    writer.lookAtDisk();
    assertThat(heard.low.take()).isFalse();
    writer.close();
  }

  @Test
  void takesWhateverComesWhileASyncRuns() throws Exception {
    Epochs.Claim claim = fixture.claim();
    Seals.seal(fixture.journal, claim);
    CountDownLatch syncing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    JournalWriter writer =
        JournalWriter.start(
            fixture.journal,
            claim,
            new JournalWriter.Settings(1 << 20, 2, 0),
            file -> new SlowDisk(SegmentFile.onDisk(file), syncing, goOn, new AtomicLong()),
            () -> Long.MAX_VALUE,
            Thread::new,
            heard);
    writer.append(List.of(ended("a")));
    syncing.await();
    writer.append(List.of(ended("b"), ended("c")));
    assertThat(writer.append(List.of(ended("d")))).isEqualTo(4);
    goOn.countDown();
    heard.awaitSynced(4);
    writer.close();
    assertThat(fixture.read()).containsExactly(ended("a"), ended("b"), ended("c"), ended("d"));
  }

  private JournalWriter onFullDisk(long capacity, String error) {
    Epochs.Claim claim = fixture.claim();
    Seals.seal(fixture.journal, claim);
    return JournalWriter.start(
        fixture.journal,
        claim,
        JournalFixture.SETTINGS,
        file -> new FullDisk(SegmentFile.onDisk(file), capacity, error),
        () -> Long.MAX_VALUE,
        Thread::new,
        heard);
  }

  /** Takes {@code capacity} bytes, then half a write, then fails. */
  private static final class FullDisk implements SegmentFile {
    private final SegmentFile file;
    private final String error;
    private long left;

    FullDisk(SegmentFile file, long capacity, String error) {
      this.file = file;
      this.left = capacity;
      this.error = error;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      if (bytes.remaining() > left) {
        bytes.limit(bytes.position() + (int) left);
        file.write(bytes);
        throw new IOException(error);
      }
      left -= bytes.remaining();
      file.write(bytes);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Holds the first sync until it is told to go on. */
  private record SlowDisk(
      SegmentFile file, CountDownLatch syncing, CountDownLatch goOn, AtomicLong syncs)
      implements SegmentFile {
    @Override
    public void write(ByteBuffer bytes) throws IOException {
      file.write(bytes);
    }

    @Override
    public void force() throws IOException {
      syncs.incrementAndGet();
      syncing.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Test
  void leavesNoOtherFilesBehind() throws Exception {
    JournalWriter writer = fixture.takeOver(heard);
    heard.awaitSynced(writer.append(List.of(ended("a"))));
    writer.close();
    try (var files = Files.list(fixture.journal)) {
      assertThat(files).hasSize(1);
    }
  }
}
