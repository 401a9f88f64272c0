package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.troupe.protocol.codec.TensorCodec;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.tensor.TensorData;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What every plug-in may use beside its own types. The ids are part of the format. */
final class StandardTypes {
  private static final Set<Class<?>> SCALARS =
      Set.of(
          String.class,
          Boolean.class,
          Byte.class,
          Character.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          UUID.class,
          Duration.class,
          Instant.class);

  private StandardTypes() {}

  /** Whether values of the type hold no others and are cheap to hash. */
  static boolean isScalar(Class<?> type) {
    return type.isPrimitive() || SCALARS.contains(type) || Enum.class.isAssignableFrom(type);
  }

  /** {@code key} if it may be one. */
  static Object key(@Nullable Object key) {
    if (key == null || !isScalar(key.getClass())) {
      throw new KryoException(
          "a key or an element of a set must be a text, a number, an enum or the like, got "
              + (key == null ? "null" : key.getClass()));
    }
    return key;
  }

  static void register(Kryo kryo) {
    kryo.register(String.class, new ValueSerializer<>(StandardTypes::write, StandardTypes::text));
    PrimitiveArraySerializer.register(kryo, 10);
    registerValues(kryo);
    registerCollections(kryo);
    registerMaps(kryo);
  }

  private static void registerValues(Kryo kryo) {
    kryo.register(
        UUID.class,
        new ValueSerializer<UUID>(
            (output, id) -> {
              output.writeLong(id.getMostSignificantBits());
              output.writeLong(id.getLeastSignificantBits());
            },
            input -> new UUID(input.readLong(), input.readLong())),
        20);
    kryo.register(
        Duration.class,
        new ValueSerializer<Duration>(
            (output, duration) -> {
              output.writeLong(duration.getSeconds());
              output.writeInt(duration.getNano());
            },
            input -> Duration.ofSeconds(input.readLong(), input.readInt())),
        21);
    kryo.register(
        Instant.class,
        new ValueSerializer<Instant>(
            (output, instant) -> {
              output.writeLong(instant.getEpochSecond());
              output.writeInt(instant.getNano());
            },
            input -> Instant.ofEpochSecond(input.readLong(), input.readInt())),
        22);
    kryo.register(
        IntArray.class,
        new ValueSerializer<IntArray>(
            (output, array) -> write(output, array.toLittleEndian()),
            input -> IntArray.fromLittleEndian(ByteBuffer.wrap(Bounded.bytes(input)))),
        23);
    kryo.register(
        FloatArray.class,
        new ValueSerializer<FloatArray>(
            (output, array) -> write(output, array.toLittleEndian()),
            input -> FloatArray.fromLittleEndian(ByteBuffer.wrap(Bounded.bytes(input)))),
        24);
    kryo.register(
        TensorData.class,
        new ValueSerializer<TensorData>(
            (output, tensor) -> write(output, TensorCodec.TENSOR.encode(tensor)),
            input -> TensorCodec.TENSOR.decode(Bounded.bytes(input))),
        25);
    kryo.register(Optional.class, new OptionalSerializer(), 26);
  }

  private static void registerCollections(Kryo kryo) {
    kryo.register(ArrayList.class, CollectionSerializer.of(ArrayList::new), 40);
    kryo.register(ArrayDeque.class, CollectionSerializer.of(ArrayDeque::new), 41);
    kryo.register(HashSet.class, CollectionSerializer.of(HashSet::new), 42);
    kryo.register(LinkedHashSet.class, CollectionSerializer.of(LinkedHashSet::new), 43);
    kryo.register(TreeSet.class, CollectionSerializer.of(TreeSet::new), 44);
    // The classes behind List.of, Set.of and Stream.toList have no names of ours: two sizes each.
    var lists = CollectionSerializer.of(ArrayList::new, list -> list.stream().toList());
    kryo.register(List.of().getClass(), lists, 45);
    kryo.register(List.of(1).getClass(), lists, 46);
    kryo.register(List.of(1, 2, 3).subList(0, 2).getClass(), lists, 47);
    kryo.register(Collections.emptyList().getClass(), lists, 48);
    var sets = CollectionSerializer.of(LinkedHashSet::new, Set::copyOf);
    kryo.register(Set.of().getClass(), sets, 49);
    kryo.register(Set.of(1).getClass(), sets, 50);
  }

  private static void registerMaps(Kryo kryo) {
    kryo.register(HashMap.class, MapSerializer.of(HashMap::new), 60);
    kryo.register(LinkedHashMap.class, MapSerializer.of(LinkedHashMap::new), 61);
    kryo.register(TreeMap.class, MapSerializer.of(TreeMap::new), 62);
    var maps = MapSerializer.of(LinkedHashMap::new, Map::copyOf);
    kryo.register(Map.of().getClass(), maps, 63);
    kryo.register(Map.of(1, 1).getClass(), maps, 64);
  }

  private static void write(Output output, byte[] bytes) {
    output.writeVarInt(bytes.length, true);
    output.writeBytes(bytes);
  }

  private static void write(Output output, String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      write(output, bytes);
    } catch (CharacterCodingException e) {
      throw new KryoException("a text that is not Unicode", e);
    }
  }

  private static String text(Input input) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Bounded.bytes(input)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new KryoException("a text that is not UTF-8", e);
    }
  }
}
