package dev.troupe.protocol.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.codec.OutcomeCodec;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.tensor.TensorData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PluginCodecTest {
  private enum Move {
    LEFT,
    RIGHT
  }

  private record Board(
      int turn, double clock, boolean over, Move last, @Nullable String note, List<?> history) {}

  private record Positive(int value) {
    private Positive {
      if (value <= 0) {
        throw new IllegalArgumentException("not positive: " + value);
      }
    }
  }

  private record Box(Object content) {}

  private record Unregistered(int x) {}

  private static final PluginTypes TYPES =
      new PluginTypes(
          "chess",
          "1.2",
          List.of(Board.class, Move.class, Positive.class, Box.class, double[][].class));
  private static final PluginCodec CODEC = new PluginCodec(TYPES, PluginLimits.STANDARD);

  private static final Board BOARD =
      new Board(7, 0.5, true, Move.RIGHT, null, List.of("e4", 2L, Move.LEFT));

  @Test
  void recordsAndEnumsComeBackEqual() {
    comesBack(BOARD);
    comesBack(Move.LEFT);
    comesBack(new Box(new Box(BOARD)));
  }

  @Test
  void standardTypesComeBackEqual() {
    comesBack("grüße →");
    for (Object number : List.of(1, -1L, (short) 3, (byte) -4, 'x', 1.5f, Double.MIN_VALUE, true)) {
      comesBack(number);
    }
    comesBack(List.of());
    comesBack(List.of(1));
    comesBack(List.of(1, 2));
    comesBack(List.of(1, 2, 3, 4));
    comesBack(List.of(1, 2, 3, 4).subList(1, 3));
    comesBack(Arrays.asList(1, null).stream().toList());
    comesBack(Set.of());
    comesBack(Set.of("a"));
    comesBack(Set.of("a", "b", "c"));
    comesBack(Map.of());
    comesBack(Map.of("a", 1));
    comesBack(Map.of("a", 1, "b", List.of(2)));
    comesBack(new ArrayList<>(Arrays.asList(1, null, "x")));
    comesBack(new HashSet<>(Set.of(1, 2)));
    comesBack(new LinkedHashSet<>(List.of(3, 1, 2)));
    comesBack(new TreeSet<>(Set.of("x", "a")));
    comesBack(new HashMap<>(Map.of(Move.LEFT, new Box(1))));
    comesBack(new LinkedHashMap<>(Map.of(1.5, Optional.of("x"))));
    comesBack(new TreeMap<>(Map.of(3, Optional.empty())));
    comesBack(Duration.ofNanos(-1));
    comesBack(Instant.ofEpochSecond(5, 6));
    comesBack(new UUID(1, -2));
    comesBack(IntArray.of(1, -2));
    comesBack(FloatArray.of(1.5f));
    comesBack(TensorData.of(new float[] {1, 2}, 2, 1));
  }

  @Test
  void arraysComeBackEqual() {
    assertThat(CODEC.decode(CODEC.encode(new byte[] {1, -1}))).isEqualTo(new byte[] {1, -1});
    assertThat(CODEC.decode(CODEC.encode(new char[] {'a'}))).isEqualTo(new char[] {'a'});
    assertThat(CODEC.decode(CODEC.encode(new short[] {-3}))).isEqualTo(new short[] {-3});
    assertThat(CODEC.decode(CODEC.encode(new int[] {4, 5}))).isEqualTo(new int[] {4, 5});
    assertThat(CODEC.decode(CODEC.encode(new long[] {6}))).isEqualTo(new long[] {6});
    assertThat(CODEC.decode(CODEC.encode(new float[] {.5f}))).isEqualTo(new float[] {.5f});
    assertThat(CODEC.decode(CODEC.encode(new double[0]))).isEqualTo(new double[0]);
    assertThat(CODEC.decode(CODEC.encode(new boolean[] {true, false})))
        .isEqualTo(new boolean[] {true, false});
    assertThat(CODEC.decode(CODEC.encode(new double[][] {{1}, {2, 3}})))
        .isEqualTo(new double[][] {{1}, {2, 3}});
    assertThat(CODEC.decode(CODEC.encode(new ArrayDeque<>(List.of(1, 2)))))
        .asInstanceOf(InstanceOfAssertFactories.COLLECTION)
        .containsExactly(1, 2);
  }

  @Test
  void sharedAndCircularCollectionsKeepTheirIdentity() {
    var shared = new ArrayList<Object>(List.of(1));
    var list = new ArrayList<Object>();
    list.add(shared);
    list.add(shared);
    list.add(list);
    var back = (List<?>) CODEC.decode(CODEC.encode(list));
    assertThat(back.get(0)).isEqualTo(List.of(1)).isSameAs(back.get(1));
    assertThat(back.get(2)).isSameAs(back);
  }

  @Test
  void refusesTypesThatAreNotRegistered() {
    assertThatThrownBy(() -> CODEC.encode(new Box(new Unregistered(1))))
        .isInstanceOf(PluginPayloadException.class)
        .hasMessageContaining("chess@1.2")
        .hasMessageContaining("Unregistered");
    assertThatThrownBy(() -> CODEC.encode(new Thread())).isInstanceOf(PluginPayloadException.class);
  }

  @Test
  void refusesCollectionsAsKeys() {
    assertThatThrownBy(() -> CODEC.encode(new HashSet<>(Set.of(List.of(1)))))
        .isInstanceOf(PluginPayloadException.class)
        .hasMessageContaining("a key or an element of a set");
  }

  @Test
  void refusesWhatTheRecordRefuses() {
    byte[] bytes = CODEC.encode(new Positive(1)).bytes().toByteArray();
    bytes[bytes.length - 1] = 0;
    assertThatThrownBy(() -> CODEC.decode(payload(bytes)))
        .isInstanceOf(PluginPayloadException.class)
        .hasMessageContaining("Positive");
  }

  @Test
  void refusesPayloadsBeyondItsLimits() {
    var small = new PluginCodec(TYPES, new PluginLimits(100, 4, 3));
    assertThat(small.decode(small.encode(new Box(new Box(1))))).isEqualTo(new Box(new Box(1)));
    assertThatThrownBy(() -> small.encode("x".repeat(100)))
        .isInstanceOf(PluginPayloadException.class);
    Object deep = new Box(new Box(new Box(new Box(1))));
    assertThatThrownBy(() -> small.encode(deep)).isInstanceOf(PluginPayloadException.class);
    Object many = List.of(new Box(1), new Box(2), new Box(3));
    assertThatThrownBy(() -> small.encode(many)).isInstanceOf(PluginPayloadException.class);
    var shallow = new PluginCodec(TYPES, new PluginLimits(100, 4, 100));
    assertThatThrownBy(() -> shallow.decode(CODEC.encode(deep)))
        .isInstanceOf(PluginPayloadException.class)
        .hasMessageContaining("Max depth exceeded");
    assertThatThrownBy(() -> small.decode(CODEC.encode(many)))
        .isInstanceOf(PluginPayloadException.class)
        .hasMessageContaining("more than 3 objects");
    assertThatThrownBy(() -> small.decode(CODEC.encode("x".repeat(100))))
        .isInstanceOf(PluginPayloadException.class)
        .hasMessageContaining("to 100 bytes");
  }

  @Test
  void refusesBytesOfAnotherVersionOrShape() {
    var next = new PluginTypes("chess", "1.3", TYPES.types());
    var changed = new PluginTypes("chess", "1.2", TYPES.types().reversed());
    PluginPayload payload = CODEC.encode(BOARD);
    assertThatThrownBy(() -> new PluginCodec(next, PluginLimits.STANDARD).decode(payload))
        .hasMessageContaining("expected chess@1.3, got [chess@1.2]");
    assertThatThrownBy(() -> new PluginCodec(changed, PluginLimits.STANDARD).decode(payload))
        .hasMessageContaining("fingerprint");
    var relabelled = new PluginPayload("chess", "1.3", payload.bytes());
    assertThatThrownBy(() -> new PluginCodec(next, PluginLimits.STANDARD).decode(relabelled))
        .hasMessageContaining("fingerprint");
  }

  @Test
  void refusesBytesBehindTheValue() {
    ByteString longer = CODEC.encode(BOARD).bytes().concat(ByteString.copyFrom(new byte[1]));
    assertThatThrownBy(() -> CODEC.decode(new PluginPayload("chess", "1.2", longer)))
        .hasMessageContaining("more bytes");
  }

  @Test
  void refusesClassesByName() {
    byte[] head = Arrays.copyOf(CODEC.encode("x").bytes().toByteArray(), 9);
    byte[] bytes = Arrays.copyOf(head, 9 + 3 + 16);
    bytes[9] = 1;
    bytes[10] = 0;
    assertThatThrownBy(() -> CODEC.decode(payload(bytes)))
        .isInstanceOf(PluginPayloadException.class)
        .hasMessageContaining("a class by its name");
  }

  @Test
  void keepsPayloadsOfUnknownPluginsAsTheyCame() {
    var codecs = new PluginCodecs(List.of(CODEC));
    assertThat(codecs.decode(CODEC.encode(BOARD))).isEqualTo(new PluginValue.Known(BOARD));
    var foreign = new PluginPayload("go", "9", ByteString.copyFromUtf8("whatever"));
    assertThat(codecs.decode(foreign)).isEqualTo(new PluginValue.Opaque(foreign));
    var outcome = new Outcome.Scored(1, List.of(), Optional.of(foreign));
    assertThat(OutcomeCodec.OUTCOME.decode(OutcomeCodec.OUTCOME.encode(outcome)))
        .isEqualTo(outcome);
  }

  @Test
  void refusesTypesThatBytesCouldNotDescribe() {
    assertThatThrownBy(() -> new PluginTypes("x", "1", List.of(Thread.class)))
        .hasMessageContaining("records, enums and arrays of objects");
    assertThatThrownBy(() -> new PluginTypes("x", "1", List.of(Box.class, Box.class)))
        .hasMessageContaining("differ");
  }

  @Test
  void hostileBytesGiveATypedErrorAndNothingElse() {
    long seed = System.nanoTime();
    System.out.println("PluginCodecTest seed " + seed);
    var random = new Random(seed);
    var state = new ArrayList<Object>(List.of(BOARD, new double[][] {{1}, {2}}, Map.of("k", 1)));
    state.add(state);
    List<byte[]> seeds =
        List.of(
            CODEC.encode(BOARD).bytes().toByteArray(),
            CODEC.encode(state).bytes().toByteArray(),
            CODEC
                .encode(new TreeMap<>(Map.of("a", new int[3], "b", Set.of(1, 2))))
                .bytes()
                .toByteArray(),
            CODEC.encode(TensorData.of(new long[] {1, 2}, 2)).bytes().toByteArray());
    int decoded = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
      if (random.nextInt(3) == 0) {
        bytes = Arrays.copyOf(bytes, 9 + random.nextInt(64));
        for (int at = 9; at < bytes.length; at++) {
          bytes[at] = (byte) random.nextInt(random.nextBoolean() ? 128 : 256);
        }
      } else {
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          bytes[9 + random.nextInt(bytes.length - 9)] = (byte) random.nextInt(256);
        }
      }
      try {
        CODEC.decode(payload(bytes));
        decoded++;
      } catch (PluginPayloadException expected) {
        assertThat(expected).hasMessageContaining("expected");
      }
    }
    assertThat(decoded).isBetween(1, 40_000);
    comesBack(BOARD);
  }

  private static PluginPayload payload(byte[] bytes) {
    return new PluginPayload("chess", "1.2", ByteString.copyFrom(bytes));
  }

  private static void comesBack(Object value) {
    Object back = CODEC.decode(CODEC.encode(value));
    assertThat(back).isEqualTo(value);
    assertThat(back.getClass() == value.getClass() || value instanceof List<?>).isTrue();
  }
}
