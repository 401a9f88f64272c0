package dev.troupe.actors.journal;

import static dev.troupe.actors.journal.JournalFixture.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.journal.JournalFixture.Heard;
import dev.troupe.protocol.journal.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalDamageTest {
  @TempDir Path root;
  private JournalFixture fixture;
  private Path file;

  @BeforeEach
  void writeThreeRecords() throws InterruptedException {
    fixture = new JournalFixture(root);
    file = fixture.journal.resolve("000001-000001.log");
    Heard heard = new Heard();
    JournalWriter writer = fixture.takeOver(heard);
    for (String what : List.of("a", "b", "c")) {
      heard.awaitSynced(writer.append(List.of(ended(what))));
    }
    writer.close();
  }

  @Test
  void cutsATornTailAndCountsIt() throws IOException {
    Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    Seals.Accepted accepted = Seals.seal(fixture.journal, fixture.claim());
    assertThat(accepted.tornBytes()).isEqualTo(3);
    assertThat(fixture.read()).containsExactly(ended("a"), ended("b"), ended("c"));
  }

  @Test
  void cutsARecordThatWasNeverWrittenWhole() throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    Frames.put(frame, ended("half"));
    Files.write(
        file, Arrays.copyOf(frame.array(), frame.position() - 1), StandardOpenOption.APPEND);
    assertThat(fixture.read()).containsExactly(ended("a"), ended("b"), ended("c"));
  }

  @Test
  void whereverAByteFlipsBelowTheLastMarkItIsDamageAndNeverCut() throws IOException {
    byte[] good = Files.readAllBytes(file);
    int lastMark = Frames.frameBytes(SyncMark.PAYLOAD_BYTES);
    for (int at = 0; at < good.length - lastMark; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 0x10;
      Files.write(file, bad);
      int flipped = at;
      assertThatThrownBy(fixture::read)
          .as("byte %s", flipped)
          .isInstanceOfSatisfying(
              DamagedJournalException.class,
              e -> {
                assertThat(e.offset()).isBetween(flipped - 40L, (long) flipped);
                assertThat(e.file()).endsWith("000001-000001.log");
              });
    }
  }

  @Test
  void aTailThatWasNeverSyncedIsCutEvenIfLaterPartsOfItAreWhole() throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    Frames.put(frame, ended("lost page"));
    frame.put(14, (byte) 0x7f);
    Frames.put(frame, ended("page that made it"));
    Files.write(file, Arrays.copyOf(frame.array(), frame.position()), StandardOpenOption.APPEND);
    assertThat(fixture.read()).containsExactly(ended("a"), ended("b"), ended("c"));
  }

  @Test
  void onlyTheLastSegmentOfAnEpochMayBeTorn() throws Exception {
    Heard heard = new Heard();
    JournalWriter writer = fixture.takeOver(heard);
    writer.append(List.of(ended("d")));
    writer.nextSegment();
    heard.awaitSynced(writer.append(List.of(ended("e"))));
    writer.close();
    Path middle = fixture.journal.resolve("000002-000001.log");
    byte[] bytes = Files.readAllBytes(middle);
    Files.write(middle, Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(fixture::read)
        .isInstanceOf(DamagedJournalException.class)
        .hasMessageContaining("000002-000001.log");
  }

  @Test
  void hostileLengthsTakeNoMemoryAndAreCut() throws IOException {
    Random random = new Random(7);
    byte[] good = Files.readAllBytes(file);
    for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 0, 1 << 26}) {
      ByteBuffer tail = ByteBuffer.allocate(50).order(ByteOrder.LITTLE_ENDIAN);
      tail.putInt(length).putInt(random.nextInt()).putInt(random.nextInt());
      byte[] bytes = Arrays.copyOf(good, good.length + 50);
      System.arraycopy(tail.array(), 0, bytes, good.length, 50);
      Files.write(file, bytes);
      assertThat(fixture.read()).hasSize(3);
    }
  }

  @Test
  void randomTailsNeverAddAnEvent() throws IOException {
    byte[] good = Files.readAllBytes(file);
    for (long seed = 0; seed < 200; seed++) {
      byte[] tail = new byte[(int) (seed % 90)];
      new Random(seed).nextBytes(tail);
      Files.write(file, good);
      Files.write(file, tail, StandardOpenOption.APPEND);
      assertThat(fixture.read()).as("seed %s", seed).hasSize(3);
    }
  }

  @Test
  void aSecondProcessIsToldWhoHoldsTheRun() {
    try (RunLock lock = RunLock.acquire(root, "process 4711, started at noon")) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> RunLock.acquire(root, "process 4712"))
          .isInstanceOf(RunLock.HeldException.class)
          .hasMessageContaining("process 4711, started at noon")
          .hasMessageContaining(root.toString());
    }
    RunLock.acquire(root, "process 4713").close();
  }
}
