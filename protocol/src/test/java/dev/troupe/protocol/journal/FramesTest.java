package dev.troupe.protocol.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.codec.Examples;
import dev.troupe.protocol.codec.LedgerEventCodec;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FramesTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void aFrameIsLengthBothChecksumsAndPayload() {
    ByteBuffer target = ByteBuffer.allocate(21);
    Frames.put(target, "123456789".getBytes(StandardCharsets.US_ASCII));
    // CRC32C of "123456789" is e3069283: rotated right by 15 and a282ead8 added.
    assertThat(HexFormat.of().formatHex(target.array(), 8, 21))
        .isEqualTo("e5b08ac7" + "313233343536373839");
    assertThat(HexFormat.of().formatHex(target.array(), 0, 4)).isEqualTo("09000000");
    assertThat(target.remaining()).isZero();
  }

  @Test
  void recordsComeBackInOrderUntilTheEnd() throws IOException {
    byte[] segment = segment(1, 5, 3_000_000, 7);
    try (FileChannel file = file(segment)) {
      var reader = new FrameReader(file, 0);
      for (int length : new int[] {1, 5, 3_000_000, 7}) {
        var frame = (FrameRead.Frame) reader.next();
        assertThat(frame.payload().remaining()).isEqualTo(length);
        assertThat(frame.payload().get(length - 1)).isEqualTo((byte) length);
      }
      assertThat(reader.next()).isEqualTo(new FrameRead.End(segment.length));
      assertThat(reader.next()).isEqualTo(new FrameRead.End(segment.length));
    }
  }

  @Test
  void anEmptySegmentEndsAtOnce() throws IOException {
    try (FileChannel file = file(new byte[0])) {
      assertThat(new FrameReader(file, 0).next()).isEqualTo(new FrameRead.End(0));
    }
  }

  @Test
  void aSegmentCutAnywhereWithinItsLastRecordHasATornTail() throws IOException {
    byte[] segment = segment(20, 30);
    for (int length = 33; length < segment.length; length++) {
      try (FileChannel file = file(Arrays.copyOf(segment, length))) {
        var reader = new FrameReader(file, 0);
        assertThat(reader.next()).isInstanceOf(FrameRead.Frame.class);
        assertThat(reader.next())
            .isInstanceOfSatisfying(
                FrameRead.TornTail.class, torn -> assertThat(torn.offset()).isEqualTo(32));
      }
    }
  }

  @Test
  void aLastRecordWithAFlippedBitIsATornTail() throws IOException {
    byte[] segment = segment(20, 30);
    for (int at = 32; at < segment.length; at++) {
      byte[] flipped = segment.clone();
      flipped[at] ^= 4;
      try (FileChannel file = file(flipped)) {
        var reader = new FrameReader(file, 32);
        assertThat(reader.next())
            .isInstanceOfSatisfying(
                FrameRead.TornTail.class, torn -> assertThat(torn.bytes()).isEqualTo(42));
      }
    }
  }

  @Test
  void zerosBehindTheLastRecordAreATornTail() throws IOException {
    byte[] segment = segment(20);
    try (FileChannel file = file(Arrays.copyOf(segment, segment.length + 4096))) {
      var reader = new FrameReader(file, 0);
      assertThat(reader.next()).isInstanceOf(FrameRead.Frame.class);
      assertThat(reader.next()).isInstanceOf(FrameRead.TornTail.class);
      assertThat(reader.offset()).isEqualTo(32);
    }
  }

  @Test
  void aFlippedBitBeforeAnIntactRecordIsDamageWithBothOffsets() throws IOException {
    byte[] segment = segment(20, 30, 40);
    for (int at = 32; at < 32 + 42; at++) {
      byte[] flipped = segment.clone();
      flipped[at] ^= 1;
      try (FileChannel file = file(flipped)) {
        var reader = new FrameReader(file, 0);
        assertThat(reader.next()).isInstanceOf(FrameRead.Frame.class);
        assertThat(reader.next())
            .isInstanceOfSatisfying(
                FrameRead.Damage.class,
                damage -> {
                  assertThat(damage.offset()).isEqualTo(32);
                  assertThat(damage.intactAt()).isEqualTo(74);
                });
      }
    }
  }

  @Test
  void bytesBehindTheSealedLengthDoNotExist() throws IOException {
    byte[] segment = segment(20, 30, 40);
    try (FileChannel file = file(segment)) {
      var reader = new FrameReader(file, 32, 74);
      assertThat(reader.next()).isInstanceOf(FrameRead.Frame.class);
      assertThat(reader.next()).isEqualTo(new FrameRead.End(74));
      assertThatThrownBy(() -> new FrameReader(file, 0, 1_000_000))
          .hasMessageContaining("[end] must be at most the file's size of " + segment.length);
    }
  }

  @Test
  void aLengthOfGigabytesIsRefusedWithoutBeingBelieved() throws IOException {
    byte[] segment = segment(20);
    segment[3] = 0x7f;
    try (FileChannel file = file(segment)) {
      assertThat(new FrameReader(file, 0).next())
          .isInstanceOfSatisfying(
              FrameRead.TornTail.class,
              torn -> assertThat(torn.why()).startsWith("length [2130706452] is not allowed"));
    }
  }

  @Test
  void aSearchThroughMegabytesOfNoiseTakesOnePass() throws IOException {
    byte[] noise = new byte[24 << 20];
    new Random(1).nextBytes(noise);
    byte[] last = segment(9);
    System.arraycopy(last, 0, noise, noise.length - last.length, last.length);
    try (FileChannel file = file(noise)) {
      assertThat(new FrameReader(file, 0).next())
          .isInstanceOfSatisfying(
              FrameRead.Damage.class,
              damage -> assertThat(damage.intactAt()).isEqualTo(noise.length - last.length));
    }
  }

  @Test
  void aBufferThatIsTooSmallStaysAsItWas() {
    ByteBuffer target = ByteBuffer.allocate(30).position(3);
    assertThatThrownBy(() -> Frames.put(target, new byte[16]))
        .isInstanceOf(BufferOverflowException.class);
    assertThat(target.position()).isEqualTo(3);
    assertThatThrownBy(() -> Frames.put(target, new byte[0]))
        .hasMessageContaining("[payload] must be from 1 to 67108864 bytes, got [0]");
    assertThat(target.position()).isEqualTo(3);
  }

  @Test
  void ledgerEventsComeBackFromTheirFrames() throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(1 << 16);
    Examples.EVENTS.forEach(event -> Frames.put(target, event));
    byte[] segment = new byte[target.flip().remaining()];
    target.get(segment);
    List<LedgerEvent> events = new ArrayList<>();
    try (FileChannel file = file(segment)) {
      var reader = new FrameReader(file, 0);
      while (reader.next() instanceof FrameRead.Frame(_, var payload)) {
        events.add(LedgerEventCodec.decode(payload));
      }
    }
    assertThat(events).isEqualTo(Examples.EVENTS);
  }

  @Test
  void randomDamageNeverReadsAsSomethingElse() throws IOException {
    long seed = System.nanoTime();
    System.out.println("FramesTest seed " + seed);
    var random = new Random(seed);
    byte[] segment = segment(100, 1, 50, 80);
    List<byte[]> intact = payloads(segment);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = Arrays.copyOf(segment, 1 + random.nextInt(segment.length + 20));
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      List<byte[]> read = payloads(damaged);
      assertThat(read.size()).isLessThanOrEqualTo(intact.size());
      for (int at = 0; at < read.size(); at++) {
        assertThat(read.get(at)).isEqualTo(intact.get(at));
      }
    }
  }

  private List<byte[]> payloads(byte[] segment) throws IOException {
    List<byte[]> payloads = new ArrayList<>();
    try (FileChannel file = file(segment)) {
      var reader = new FrameReader(file, 0);
      while (reader.next() instanceof FrameRead.Frame(_, var payload)) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        payloads.add(bytes);
      }
    }
    return payloads;
  }

  /** Records of the given lengths, each filled with its length. */
  private static byte[] segment(int... lengths) {
    ByteBuffer target = ByteBuffer.allocate(Arrays.stream(lengths).map(Frames::frameBytes).sum());
    for (int length : lengths) {
      byte[] payload = new byte[length];
      Arrays.fill(payload, (byte) length);
      Frames.put(target, payload);
    }
    return target.array();
  }

  private FileChannel file(byte[] bytes) throws IOException {
    Path path = folder.resolve("segment");
    Files.write(path, bytes);
    return FileChannel.open(path, StandardOpenOption.READ);
  }
}
