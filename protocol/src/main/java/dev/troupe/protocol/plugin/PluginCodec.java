package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import com.google.protobuf.UnsafeByteOperations;
import dev.troupe.protocol.outcome.PluginPayload;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Values of one plug-in's types as bytes: a format byte, the types' fingerprint, then Kryo's bytes.
 *
 * <p>Only registered types are written or read, every one by a serializer of this package, so that
 * the bytes decide nothing but values: no class is looked up by name, none is made without its
 * canonical constructor, no count is believed beyond the bytes that are left, and depth, objects
 * and size are bounded. Keys of maps and elements of sets are texts, numbers, enums and the like:
 * keys that hold collections would let few bytes ask for endless hashing. Generic arguments are
 * erased: a {@code List<String>} from hostile bytes may hold numbers, and the plug-in's record has
 * to look.
 *
 * <p>Beside the plug-in's types there are texts, boxed numbers, arrays of primitives, the common
 * collections ({@code ArrayList}, {@code ArrayDeque}, {@code HashMap}, {@code LinkedHashMap},
 * {@code TreeMap}, {@code HashSet}, {@code LinkedHashSet}, {@code TreeSet}, what {@code List.of},
 * {@code Set.of}, {@code Map.of} and {@code Stream.toList} give), {@code Optional}, {@code
 * Duration}, {@code Instant}, {@code UUID} and the protocol's tensors and arrays. Thread-safe.
 */
public final class PluginCodec {
  private static final int FORMAT = 1;
  private static final int HEADER_BYTES = 1 + Long.BYTES;

  /** Idle instances of Kryo that are kept for later. */
  private static final int KEPT_MAX = 16;

  private final PluginTypes types;
  private final PluginLimits limits;
  private final long fingerprint;
  private final Pool<Kryo> kryos;

  public PluginCodec(PluginTypes types, PluginLimits limits) {
    this.types = types;
    this.limits = limits;
    this.fingerprint = types.fingerprint();
    this.kryos =
        new Pool<>(true, false, KEPT_MAX) {
          @Override
          protected Kryo create() {
            return PluginKryo.create(types, limits);
          }
        };
  }

  /** What this codec knows. */
  public PluginTypes types() {
    return types;
  }

  /**
   * Encodes {@code value}.
   *
   * @throws PluginPayloadException if a type within is not registered, or a limit is exceeded
   */
  public PluginPayload encode(Object value) {
    Kryo kryo = kryos.obtain();
    try (var output = new Output(Math.min(256, limits.bytesMax()), limits.bytesMax())) {
      output.writeByte(FORMAT);
      output.writeLong(fingerprint);
      kryo.writeClassAndObject(output, value);
      return new PluginPayload(
          types.plugin(), types.version(), UnsafeByteOperations.unsafeWrap(output.toBytes()));
    } catch (RuntimeException e) {
      throw new PluginPayloadException(
          types, "encoding", "a value of registered types within " + limits, why(e), e);
    } finally {
      kryos.free(kryo);
    }
  }

  /**
   * Decodes what {@link #encode} made.
   *
   * @throws PluginPayloadException for any other bytes
   */
  public Object decode(PluginPayload payload) {
    if (!payload.plugin().equals(types.plugin()) || !payload.version().equals(types.version())) {
      throw refused("envelope", types.toString(), payload.plugin() + "@" + payload.version(), null);
    }
    int size = payload.bytes().size();
    if (size < HEADER_BYTES || size > limits.bytesMax()) {
      throw refused(
          "size",
          "from " + HEADER_BYTES + " to " + limits.bytesMax() + " bytes",
          Integer.toString(size),
          null);
    }
    try (var input = new Input(payload.bytes().toByteArray())) {
      int format = input.readByte();
      if (format != FORMAT) {
        throw refused("byte 0", "format " + FORMAT, Integer.toString(format), null);
      }
      long got = input.readLong();
      if (got != fingerprint) {
        throw refused("byte 1", "fingerprint " + hex(fingerprint), hex(got), null);
      }
      return read(input);
    }
  }

  private Object read(Input input) {
    Kryo kryo = kryos.obtain();
    Object value;
    try {
      value = kryo.readClassAndObject(input);
    } catch (RuntimeException e) {
      throw refused("byte " + input.position(), "a value of registered types", why(e), e);
    } finally {
      kryos.free(kryo);
    }
    if (value == null || input.position() != input.limit()) {
      throw refused(
          "byte " + input.position(),
          "one value that ends at byte " + input.limit(),
          value == null ? "null" : "more bytes",
          null);
    }
    return value;
  }

  private PluginPayloadException refused(
      String where, String expected, String got, @Nullable Throwable cause) {
    return new PluginPayloadException(types, where, expected, got, cause);
  }

  /** The first line: Kryo adds traces below. */
  private static String why(RuntimeException e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow();
  }

  private static String hex(long value) {
    return String.format(Locale.ROOT, "%016x", value);
  }
}
