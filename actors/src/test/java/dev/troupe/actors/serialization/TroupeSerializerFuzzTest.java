package dev.troupe.actors.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes come, a message is read or refused with an error that names its manifest; no other
 * error gets out, and memory stays in proportion to the bytes.
 */
final class TroupeSerializerFuzzTest {
  private static final long SEED = 7_355;
  private static final int RANDOM_EACH = 300;
  private static final int MUTATIONS_EACH = 600;

  /** What reading may allocate: some for the error, some for each byte. */
  private static final long ALLOCATED_BYTES_MAX = 256 * 1_024;

  private static final long ALLOCATED_PER_BYTE_MAX = 400;

  /** As protobuf writes lengths and numbers that are as large as can be. */
  private static final List<byte[]> LARGE =
      List.of(
          bytes("ffffffff07"), // 2^31 - 1
          bytes("8080808008"), // 2^31
          bytes("ffffffff0f"), // 2^32 - 1
          bytes("ffffffffffffffff7f"), // 2^63 - 1
          bytes("ffffffffffffffffff01")); // -1

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "fuzz",
          ConfigFactory.parseString("pekko.actor.provider = local, pekko.cluster.enabled = off")
              .withFallback(ConfigFactory.parseResourcesAnySyntax("troupe-cluster"))
              .withFallback(ConfigFactory.defaultReference())
              .resolve());
  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final TroupeSerializer serializer =
      new TroupeSerializer((ExtendedActorSystem) Adapter.toClassic(KIT.system()));
  private final Random random = new Random(SEED);
  private int read;
  private int refused;

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  @Test
  void randomBytesAreReadOrRefusedForEveryManifest() {
    for (Format<?, ?> format : Formats.ALL) {
      for (int i = 0; i < RANDOM_EACH; i++) {
        byte[] bytes = new byte[random.nextInt(i + 1)];
        random.nextBytes(bytes);
        feed(bytes, format);
      }
    }
    assertThat(refused).isGreaterThan(Formats.ALL.size() * RANDOM_EACH / 2);
  }

  @Test
  void mutatedMessagesAreReadOrRefused() {
    for (Wire example : MessageExamples.all(KIT.createTestProbe().getRef())) {
      byte[] good = serializer.toBinary(example);
      Format<?, ?> format = new Formats().of(example);
      for (int i = 0; i < MUTATIONS_EACH; i++) {
        byte[] bytes = good;
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
          bytes = mutated(bytes);
        }
        feed(bytes, format);
      }
    }
    assertThat(read).as("some mutations are harmless").isPositive();
    assertThat(refused).as("and some are not").isPositive();
  }

  @Test
  void aMessageUnderAnothersManifestIsReadOrRefused() {
    for (Wire example : MessageExamples.all(KIT.createTestProbe().getRef())) {
      byte[] bytes = serializer.toBinary(example);
      Formats.ALL.forEach(format -> feed(bytes, format));
    }
  }

  @Test
  void aLengthOfTwoGigabytesAllocatesNothing() {
    for (Format<?, ?> format : Formats.ALL) {
      for (int field = 1; field < 32; field++) {
        for (byte[] length : LARGE) {
          feed(joined(new byte[] {(byte) ((field << 3) | 2)}, length, new byte[16]), format);
          feed(joined(new byte[] {(byte) (field << 3)}, length), format);
        }
      }
    }
  }

  @Test
  void groupsWithinGroupsDoNotExhaustTheStack() {
    for (Format<?, ?> format : Formats.ALL) {
      for (int field = 1; field < 16; field++) {
        byte[] nested = new byte[0];
        for (int depth = 0; depth < 500; depth++) {
          nested = joined(new byte[] {(byte) ((field << 3) | 2)}, varint(nested.length), nested);
        }
        feed(nested, format);
        byte[] groups = new byte[100_000];
        Arrays.fill(groups, (byte) ((field << 3) | 3));
        feed(groups, format);
      }
    }
  }

  private void feed(byte[] bytes, Format<?, ?> format) {
    String what = "seed %d, manifest %s, bytes %s".formatted(SEED, format.manifest(), shown(bytes));
    long max = ALLOCATED_BYTES_MAX + ALLOCATED_PER_BYTE_MAX * bytes.length;
    for (Reading reading : List.<Reading>of(this::fromArray, this::fromBuffer)) {
      if (allocated(bytes, format, reading, what) > max) {
        // The first time may load classes.
        assertThat(allocated(bytes, format, reading, what)).as(what).isLessThan(max);
      }
    }
  }

  private interface Reading {
    Object read(byte[] bytes, String manifest) throws NotSerializableException;
  }

  private Object fromArray(byte[] bytes, String manifest) throws NotSerializableException {
    return serializer.fromBinary(bytes, manifest);
  }

  private Object fromBuffer(byte[] bytes, String manifest) throws NotSerializableException {
    return serializer.fromBinary(
        ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), manifest);
  }

  /** Bytes that reading took. */
  private long allocated(byte[] bytes, Format<?, ?> format, Reading reading, String what) {
    long before = MEMORY.getCurrentThreadAllocatedBytes();
    try {
      Object message = reading.read(bytes, format.manifest());
      long after = MEMORY.getCurrentThreadAllocatedBytes();
      assertThat(message).as(what).isInstanceOf(format.type());
      read++;
      return after - before;
    } catch (NotSerializableException e) {
      long after = MEMORY.getCurrentThreadAllocatedBytes();
      assertThat(e.getMessage()).as(what).startsWith("message [" + format.manifest() + "]: ");
      refused++;
      return after - before;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError(what, e);
    }
  }

  private static String shown(byte[] bytes) {
    return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 2_000));
  }

  private byte[] mutated(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int end = Math.min(bytes.length, at + 1 + random.nextInt(8));
    byte[] head = Arrays.copyOf(bytes, at);
    byte[] part = Arrays.copyOfRange(bytes, at, end);
    byte[] tail = Arrays.copyOfRange(bytes, end, bytes.length);
    return switch (random.nextInt(6)) {
      case 0 -> joined(head, flipped(part), tail);
      case 1 -> joined(head, tail);
      case 2 -> joined(head, part, part, tail);
      case 3 -> head;
      case 4 -> joined(head, LARGE.get(random.nextInt(LARGE.size())), tail);
      default -> {
        byte[] noise = new byte[1 + random.nextInt(12)];
        random.nextBytes(noise);
        yield joined(head, noise, tail);
      }
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    if (flipped.length > 0) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private static byte[] varint(int value) {
    byte[] bytes = new byte[5];
    int length = 0;
    int rest = value;
    while (rest > 0x7f) {
      bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return Arrays.copyOf(bytes, length);
  }

  private static byte[] joined(byte[]... parts) {
    byte[] whole = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
