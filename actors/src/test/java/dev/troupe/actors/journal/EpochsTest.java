package dev.troupe.actors.journal;

import static dev.troupe.actors.journal.JournalFixture.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.journal.JournalFixture.Heard;
import dev.troupe.actors.ledger.Replay;
import dev.troupe.actors.ledger.Samples;
import dev.troupe.protocol.journal.Frames;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochsTest {
  @TempDir Path root;
  private final Heard heard = new Heard();
  private JournalFixture fixture;

  @BeforeEach
  void makeFixture() {
    fixture = new JournalFixture(root);
  }

  @Test
  void everyClaimGetsAnEpochOfItsOwn() {
    Epochs.Claim first = fixture.claim();
    assertThat(first.isFenced()).isFalse();
    Epochs.Claim second = fixture.claim();
    assertThat(first.epoch()).isEqualTo(1);
    assertThat(second.epoch()).isEqualTo(2);
    assertThat(first.isFenced()).isTrue();
    assertThat(second.isFenced()).isFalse();
  }

  @Test
  void writersOfDifferentNamesDoNotDisturbEachOther() {
    Epochs.Claim replay = fixture.claim();
    assertThat(new Epochs(fixture.epochs, "learner").claim("test").epoch()).isEqualTo(1);
    assertThat(replay.isFenced()).isFalse();
  }

  @Test
  void aTakeoverThatWasOvertakenWhileItReadSaysSo() throws Exception {
    JournalWriter writer = fixture.takeOver(heard);
    heard.awaitSynced(writer.append(List.of(ended("read by both"))));
    writer.close();
    Replay replay = Samples.replayOf(Samples.replay(1, 1, 0));
    assertThatThrownBy(
            () ->
                Recovery.takeOver(
                    fixture.journal,
                    fixture.epochs,
                    "slow",
                    replay,
                    (_, _) -> {
                      fixture.claim();
                      throw new IllegalStateException("the newer writer deleted what is read");
                    }))
        .isInstanceOf(FencedException.class)
        .hasMessageContaining("epoch [2] is over: a newer writer claimed epoch [3]")
        .hasRootCauseMessage("the newer writer deleted what is read");
  }

  @Test
  void aFrozenWriterThatWakesUpAcknowledgesNothingAndItsLateBytesAreVoid() throws Exception {
    CountDownLatch frozen = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    Epochs.Claim old = fixture.claim();
    Seals.seal(fixture.journal, old);
    JournalWriter oldWriter =
        JournalWriter.start(
            fixture.journal,
            old,
            JournalFixture.SETTINGS,
            file -> new FreezesBeforeItsSecondWrite(SegmentFile.onDisk(file), frozen, wake),
            () -> Long.MAX_VALUE,
            Thread::new,
            heard);
    heard.awaitSynced(oldWriter.append(List.of(ended("acknowledged"))));
    oldWriter.append(List.of(ended("late")));
    frozen.await();

    Heard newHeard = new Heard();
    JournalWriter newWriter = fixture.takeOver(newHeard);
    newHeard.awaitSynced(newWriter.append(List.of(ended("of the new writer"))));
    wake.countDown();

    assertThat(heard.awaitFailure()).isEqualTo(new JournalFailure.Fenced(1, 2));
    oldWriter.append(List.of(ended("later still")));
    oldWriter.close();
    newWriter.close();
    assertThat(heard.synced).isEmpty();
    assertThat(lastIntactOf("000001-000001.log")).isEqualTo("late");
    assertThat(fixture.read()).containsExactly(ended("acknowledged"), ended("of the new writer"));
  }

  @Test
  void bytesThatWereSyncedBeforeTheClaimCountAlthoughTheirWriterIsFenced() throws Exception {
    CountDownLatch synced = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    Epochs.Claim old = fixture.claim();
    Seals.seal(fixture.journal, old);
    JournalWriter oldWriter =
        JournalWriter.start(
            fixture.journal,
            old,
            JournalFixture.SETTINGS,
            file -> new FreezesAfterItsSync(SegmentFile.onDisk(file), synced, wake),
            () -> Long.MAX_VALUE,
            Thread::new,
            heard);
    oldWriter.append(List.of(ended("synced, never acknowledged")));
    synced.await();
    fixture.takeOver(new Heard()).close();
    wake.countDown();
    assertThat(heard.awaitFailure()).isEqualTo(new JournalFailure.Fenced(1, 2));
    oldWriter.close();
    assertThat(heard.synced).isEmpty();
    assertThat(fixture.read()).containsExactly(ended("synced, never acknowledged"));
  }

  @Test
  void aClaimThatDiedBeforeItsSealIsSkipped() throws Exception {
    write("first");
    fixture.claim();
    write("third");
    assertThat(fixture.read()).containsExactly(ended("first"), ended("third"));
    assertThat(fixture.epochs.resolve("replay/000002.sealed")).doesNotExist();
  }

  @Test
  void aSealThatComesLateChangesNothing() throws Exception {
    write("first");
    Epochs.Claim frozen = fixture.claim();
    write("third");
    // Meanwhile the first writer wakes up and appends; then the frozen claim seals.
    append("000001-000001.log", ended("void"));
    Seals.seal(fixture.journal, frozen);
    write("fourth");
    assertThat(fixture.read()).containsExactly(ended("first"), ended("third"), ended("fourth"));
  }

  @Test
  void segmentsThatAnOldWriterMakesAfterItWasSealedAreVoid() throws Exception {
    write("first");
    write("second");
    try (FileChannel channel = create("000001-000002.log")) {
      channel.write(frame(ended("void")));
    }
    write("third");
    assertThat(fixture.read()).containsExactly(ended("first"), ended("second"), ended("third"));
  }

  @Test
  void aSealedSegmentThatBecameShorterIsDamage() throws Exception {
    write("first");
    write("second");
    Path file = fixture.journal.resolve("000001-000001.log");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(5);
    }
    assertThatThrownBy(fixture::read)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageContaining("000001-000001.log")
        .hasMessageContaining("got [5]");
  }

  @Test
  void aSegmentThatIsMissingIsDamage() throws Exception {
    write("first");
    write("second");
    write("third");
    Files.delete(fixture.journal.resolve("000002-000001.log"));
    assertThatThrownBy(fixture::read)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void aSealThatWasAlteredIsRefused() throws Exception {
    write("first");
    write("second");
    Files.writeString(fixture.epochs.resolve("replay/000002.sealed"), "nonsense\n");
    assertThatThrownBy(fixture::read)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageContaining("000002.sealed");
  }

  @Test
  void sealingTwiceGivesTheSameLengths() throws Exception {
    write("first");
    SortedMap<SegmentName, Long> once = Seals.seal(fixture.journal, fixture.claim()).lengths();
    append("000001-000001.log", ended("void"));
    assertThat(Seals.seal(fixture.journal, fixture.claim()).lengths()).isEqualTo(once);
  }

  private void write(String what) throws InterruptedException {
    Heard each = new Heard();
    JournalWriter writer = fixture.takeOver(each);
    each.awaitSynced(writer.append(List.of(ended(what))));
    writer.close();
  }

  private void append(String file, LedgerEvent event) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            fixture.journal.resolve(file), StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      channel.write(frame(event));
    }
  }

  private FileChannel create(String file) throws IOException {
    return FileChannel.open(
        fixture.journal.resolve(file), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static ByteBuffer frame(LedgerEvent event) {
    ByteBuffer bytes = ByteBuffer.allocate(1_000).order(ByteOrder.LITTLE_ENDIAN);
    Frames.put(bytes, event);
    return bytes.flip();
  }

  /** What the file holds last, whether or not it counts. */
  private String lastIntactOf(String file) throws IOException {
    SegmentName name = SegmentName.of(Path.of(file)).orElseThrow();
    Path path = fixture.journal.resolve(file);
    var lengths = new TreeMap<>(Map.of(name, Seals.intactLength(path, true)));
    String[] last = {""};
    new JournalReader(fixture.journal, lengths)
        .forEach((event, _) -> last[0] = ((LedgerEvent.RunEnded) event).why());
    return last[0];
  }

  private static final class FreezesBeforeItsSecondWrite implements SegmentFile {
    private final SegmentFile file;
    private final CountDownLatch frozen;
    private final CountDownLatch wake;
    private int records;

    FreezesBeforeItsSecondWrite(SegmentFile file, CountDownLatch frozen, CountDownLatch wake) {
      this.file = file;
      this.frozen = frozen;
      this.wake = wake;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      // The first write is a record, the second its sync mark, the third the late record.
      if (++records == 3) {
        frozen.countDown();
        await(wake);
      }
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

  private record FreezesAfterItsSync(SegmentFile file, CountDownLatch synced, CountDownLatch wake)
      implements SegmentFile {
    @Override
    public void write(ByteBuffer bytes) throws IOException {
      file.write(bytes);
    }

    @Override
    public void force() throws IOException {
      file.force();
      synced.countDown();
      await(wake);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
