package dev.troupe.protocol.tensor;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.check.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor as it is stored or sent: row-major little-endian bytes.
 *
 * @param dtype element type
 * @param shape extents, outermost first; empty for a scalar
 * @param bytes exactly {@code product(shape) * dtype.bytes()} bytes
 */
public record TensorData(DType dtype, List<Long> shape, ByteString bytes) {
  /** More dimensions than any array library takes. */
  private static final int RANK_MAX = 32;

  public TensorData {
    shape = List.copyOf(shape);
    Check.that(shape.size() <= RANK_MAX, "shape", "at most 32 extents", shape.size());
    long elements = elements(shape);
    Check.that(
        elements <= Integer.MAX_VALUE && bytes.size() == elements * dtype.bytes(),
        "bytes",
        "[" + elements + "] elements of [" + dtype.bytes() + "] bytes for " + dtype + shape,
        bytes.size());
  }

  /** float32. */
  public static TensorData of(float[] values, long... shape) {
    byte[] bytes = allocate(values.length, DType.F32);
    little(bytes).asFloatBuffer().put(values);
    return wrap(DType.F32, bytes, shape);
  }

  /** float64. */
  public static TensorData of(double[] values, long... shape) {
    byte[] bytes = allocate(values.length, DType.F64);
    little(bytes).asDoubleBuffer().put(values);
    return wrap(DType.F64, bytes, shape);
  }

  /** int32. */
  public static TensorData of(int[] values, long... shape) {
    byte[] bytes = allocate(values.length, DType.I32);
    little(bytes).asIntBuffer().put(values);
    return wrap(DType.I32, bytes, shape);
  }

  /** int64. */
  public static TensorData of(long[] values, long... shape) {
    byte[] bytes = allocate(values.length, DType.I64);
    little(bytes).asLongBuffer().put(values);
    return wrap(DType.I64, bytes, shape);
  }

  /** bool, a byte an element. */
  public static TensorData of(boolean[] values, long... shape) {
    byte[] bytes = allocate(values.length, DType.BOOL);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return wrap(DType.BOOL, bytes, shape);
  }

  /** Product of the extents: 1 for a scalar. */
  public int elements() {
    return bytes.size() / dtype.bytes();
  }

  /** Elements of a float type of up to 32 bits, widened without loss. */
  public float[] toFloats() {
    var values = new float[elements()];
    ByteBuffer source = source();
    switch (dtype) {
      case F32 -> source.asFloatBuffer().get(values);
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.float16ToFloat(source.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(source.getShort() << 16);
        }
      }
      case F64, I64, I32, U8, BOOL -> throw notReadAs("floats", "F32, F16, BF16");
    }
    return values;
  }

  /** Elements of any float type or of I32, U8, BOOL, widened without loss. */
  public double[] toDoubles() {
    var values = new double[elements()];
    switch (dtype) {
      case F64 -> source().asDoubleBuffer().get(values);
      case F32, F16, BF16 -> {
        float[] narrow = toFloats();
        for (int i = 0; i < values.length; i++) {
          values[i] = narrow[i];
        }
      }
      case I32, U8, BOOL -> {
        long[] whole = toLongs();
        for (int i = 0; i < values.length; i++) {
          values[i] = (double) whole[i];
        }
      }
      case I64 -> throw notReadAs("doubles", "F64, F32, F16, BF16, I32, U8, BOOL");
    }
    return values;
  }

  /** Elements of I64, I32, U8 (0 to 255) or BOOL (0, 1). */
  public long[] toLongs() {
    var values = new long[elements()];
    ByteBuffer source = source();
    switch (dtype) {
      case I64 -> source.asLongBuffer().get(values);
      case I32 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = source.getInt();
        }
      }
      case U8, BOOL -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Byte.toUnsignedLong(source.get());
        }
      }
      case F64, F32, BF16, F16 -> throw notReadAs("longs", "I64, I32, U8, BOOL");
    }
    return values;
  }

  /** Elements of I32, U8 (0 to 255) or BOOL (0, 1). */
  public int[] toInts() {
    var values = new int[elements()];
    ByteBuffer source = source();
    switch (dtype) {
      case I32 -> source.asIntBuffer().get(values);
      case U8, BOOL -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Byte.toUnsignedInt(source.get());
        }
      }
      case F64, F32, BF16, F16, I64 -> throw notReadAs("ints", "I32, U8, BOOL");
    }
    return values;
  }

  /** Whether each element of a BOOL tensor is set. */
  public boolean[] toBooleans() {
    if (dtype != DType.BOOL) {
      throw notReadAs("booleans", "BOOL");
    }
    var values = new boolean[elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.byteAt(i) != 0;
    }
    return values;
  }

  private IllegalStateException notReadAs(String wanted, String possible) {
    return new IllegalStateException(
        "only tensors of ["
            + possible
            + "] are read as "
            + wanted
            + " without loss, got "
            + dtype
            + shape);
  }

  private ByteBuffer source() {
    return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long elements(List<Long> shape) {
    long elements = 1;
    boolean empty = false;
    for (long extent : shape) {
      Check.that(extent >= 0, "shape", "extents of at least 0", shape);
      empty |= extent == 0;
    }
    for (int i = 0; i < shape.size() && !empty; i++) {
      long high = Math.multiplyHigh(elements, shape.get(i));
      elements *= shape.get(i);
      if (high != 0 || elements < 0) {
        throw new InvalidValueException("shape", "fewer than 2^63 elements", shape.toString());
      }
    }
    return empty ? 0 : elements;
  }

  private static byte[] allocate(int elements, DType dtype) {
    return new byte[Math.multiplyExact(elements, dtype.bytes())];
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static TensorData wrap(DType dtype, byte[] bytes, long[] shape) {
    return new TensorData(
        dtype, Arrays.stream(shape).boxed().toList(), UnsafeByteOperations.unsafeWrap(bytes));
  }
}
