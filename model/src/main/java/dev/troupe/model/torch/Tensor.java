package dev.troupe.model.torch;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A handle to a native tensor of any type on any device. Whoever holds it closes it; a tensor that
 * is not closed is never freed. Closing while a program that was given it runs is the caller's
 * error, as is use after closing, which is refused.
 */
public final class Tensor implements AutoCloseable {
  private final AtomicLong value;

  private Tensor(long value) {
    this.value = new AtomicLong(value);
  }

  /** Takes over the address of a tensor. */
  static Tensor ofTensor(long tensor) {
    try {
      return new Tensor(TorchValues.fromTensor(tensor));
    } finally {
      LibTorch.deleteTensor(tensor);
    }
  }

  /** float32, row-major; without a shape a vector. */
  public static Tensor of(float[] values, long... shape) {
    return filled(
        LibTorch.CODE_F32, values.length, shape, memory -> memory.asFloatBuffer().put(values));
  }

  /** float64, row-major; without a shape a vector. */
  public static Tensor of(double[] values, long... shape) {
    return filled(
        LibTorch.CODE_F64, values.length, shape, memory -> memory.asDoubleBuffer().put(values));
  }

  /** int64, row-major; without a shape a vector. */
  public static Tensor of(long[] values, long... shape) {
    return filled(
        LibTorch.CODE_I64, values.length, shape, memory -> memory.asLongBuffer().put(values));
  }

  /** int32, row-major; without a shape a vector. */
  public static Tensor of(int[] values, long... shape) {
    return filled(
        LibTorch.CODE_I32, values.length, shape, memory -> memory.asIntBuffer().put(values));
  }

  /** Truth values, row-major; without a shape a vector. */
  public static Tensor of(boolean[] values, long... shape) {
    return filled(
        LibTorch.CODE_BOOL,
        values.length,
        shape,
        memory -> {
          for (boolean each : values) {
            memory.put((byte) (each ? 1 : 0));
          }
        });
  }

  public static Tensor of(TensorData data) {
    long[] shape = data.shape().stream().mapToLong(Long::longValue).toArray();
    return of(data.dtype(), data.bytes().asReadOnlyByteBuffer(), shape);
  }

  /** Elements of a type from their little-endian bytes, which are copied. */
  public static Tensor of(DType dtype, ByteBuffer bytes, long... shape) {
    long count = count(shape);
    if (bytes.remaining() != Math.multiplyExact(count, dtype.bytes())) {
      throw new IllegalArgumentException(
          "tensor of "
              + dtype
              + Arrays.toString(shape)
              + " needs ["
              + count * dtype.bytes()
              + "] bytes, got ["
              + bytes.remaining()
              + "]");
    }
    ByteBuffer source = bytes.duplicate();
    return switch (dtype) {
      case F32 -> filled(LibTorch.CODE_F32, count, shape, memory -> memory.put(source));
      case F64 -> filled(LibTorch.CODE_F64, count, shape, memory -> memory.put(source));
      case I64 -> filled(LibTorch.CODE_I64, count, shape, memory -> memory.put(source));
      case I32 -> filled(LibTorch.CODE_I32, count, shape, memory -> memory.put(source));
      case U8 -> filled(LibTorch.CODE_U8, count, shape, memory -> memory.put(source));
      case BOOL -> filled(LibTorch.CODE_BOOL, count, shape, memory -> memory.put(source));
      case BF16, F16 -> {
        long size = source.remaining();
        try (Tensor flat =
            filled(LibTorch.CODE_U8, size, new long[] {size}, memory -> memory.put(source))) {
          yield Builtin.reinterpret(flat, dtype, shape);
        }
      }
    };
  }

  /** Zeros of a type. */
  public static Tensor zeros(DType dtype, long... shape) {
    return of(dtype, ByteBuffer.allocate(Math.toIntExact(count(shape) * dtype.bytes())), shape);
  }

  /** Extents, outermost first; empty for a scalar. */
  public long[] shape() {
    return reading(value(), LibTorch::sizes);
  }

  public DType dtype() {
    return switch (reading(value(), LibTorch::dtype)) {
      case LibTorch.CODE_F32 -> DType.F32;
      case LibTorch.CODE_F64 -> DType.F64;
      case LibTorch.CODE_I64 -> DType.I64;
      case LibTorch.CODE_I32 -> DType.I32;
      case LibTorch.CODE_U8 -> DType.U8;
      case LibTorch.CODE_BOOL -> DType.BOOL;
      default -> Builtin.dtype(this);
    };
  }

  /** {@code cpu} or {@code cuda:INDEX}. */
  public String device() {
    int[] device = reading(value(), LibTorch::device);
    return device[0] == 0 ? "cpu" : "cuda:" + Math.max(0, device[1]);
  }

  /** This tensor on a device: the same memory when it is there already. The caller closes both. */
  public Tensor to(String device) {
    return Builtin.place(this, device);
  }

  /** This tensor with another element type: the same memory when it has it already. */
  public Tensor to(DType dtype) {
    return Builtin.convert(this, dtype);
  }

  /** A copy that shares no memory with this tensor. */
  public Tensor copy() {
    return Builtin.copy(this);
  }

  /** Elements in row-major order, converted to float32 if need be. */
  public float[] toFloats() {
    return read(
        DType.F32,
        memory -> {
          float[] values = new float[memory.remaining() / 4];
          memory.asFloatBuffer().get(values);
          return values;
        });
  }

  /** Elements in row-major order, converted to float64 if need be. */
  public double[] toDoubles() {
    return read(
        DType.F64,
        memory -> {
          double[] values = new double[memory.remaining() / 8];
          memory.asDoubleBuffer().get(values);
          return values;
        });
  }

  /** Elements in row-major order, converted to int64 if need be. */
  public long[] toLongs() {
    return read(
        DType.I64,
        memory -> {
          long[] values = new long[memory.remaining() / 8];
          memory.asLongBuffer().get(values);
          return values;
        });
  }

  /** Elements in row-major order, converted to int32 if need be. */
  public int[] toInts() {
    return read(
        DType.I32,
        memory -> {
          int[] values = new int[memory.remaining() / 4];
          memory.asIntBuffer().get(values);
          return values;
        });
  }

  /** Element type, shape and bytes as they are stored or sent. */
  public TensorData toData() {
    return withBytes(
        memory -> {
          byte[] copy = new byte[memory.remaining()];
          memory.get(copy);
          ByteString bytes = UnsafeByteOperations.unsafeWrap(copy);
          return new TensorData(dtype(), Arrays.stream(shape()).boxed().toList(), bytes);
        });
  }

  /**
   * Lends the little-endian bytes in row-major order; the buffer is void after {@code reader}
   * returns.
   */
  public <T> T withBytes(Function<ByteBuffer, T> reader) {
    if (count(shape()) == 0) {
      return reader.apply(ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN));
    }
    try (Tensor bytes = Builtin.bytes(this)) {
      return reading(bytes.value(), tensor -> reader.apply(LibTorch.buffer(tensor)));
    }
  }

  /** Frees the handle; the memory goes with the last handle to it. */
  @Override
  public void close() {
    long address = value.getAndSet(0);
    if (address != 0) {
      TorchValues.delete(address);
    }
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    return value.get() == 0;
  }

  long value() {
    long address = value.get();
    if (address == 0) {
      throw new IllegalStateException("tensor is closed");
    }
    return address;
  }

  private <T> T read(DType wanted, Function<ByteBuffer, T> reader) {
    long tensor = TorchValues.toTensor(value());
    boolean plain;
    try {
      plain = LibTorch.dtype(tensor) == code(wanted) && LibTorch.device(tensor)[0] == 0;
      if (plain && count(LibTorch.sizes(tensor)) > 0) {
        long contiguous = LibTorch.contiguous(tensor);
        try {
          return reader.apply(LibTorch.buffer(contiguous));
        } finally {
          LibTorch.deleteTensor(contiguous);
        }
      }
    } finally {
      LibTorch.deleteTensor(tensor);
    }
    if (plain) {
      return withBytes(reader);
    }
    try (Tensor converted = to(wanted)) {
      return converted.withBytes(reader);
    }
  }

  private static int code(DType dtype) {
    return switch (dtype) {
      case F32 -> LibTorch.CODE_F32;
      case F64 -> LibTorch.CODE_F64;
      case I64 -> LibTorch.CODE_I64;
      case I32 -> LibTorch.CODE_I32;
      case U8 -> LibTorch.CODE_U8;
      case BOOL -> LibTorch.CODE_BOOL;
      case F16 -> LibTorch.CODE_F16;
      case BF16 -> LibTorch.CODE_BF16;
    };
  }

  private static <T> T reading(long value, Function<Long, T> reader) {
    long tensor = TorchValues.toTensor(value);
    try {
      return reader.apply(tensor);
    } finally {
      LibTorch.deleteTensor(tensor);
    }
  }

  private static Tensor filled(int code, long count, long[] shape, Consumer<ByteBuffer> filler) {
    TorchRuntime.prepareThread();
    long[] extents = shape.length == 0 && count != 1 ? new long[] {count} : shape;
    if (count(extents) != count) {
      throw new IllegalArgumentException(
          "shape "
              + Arrays.toString(extents)
              + " needs ["
              + count(extents)
              + "] elements, got ["
              + count
              + "]");
    }
    long tensor = LibTorch.empty(extents, code);
    if (count > 0) {
      filler.accept(LibTorch.buffer(tensor));
    }
    return ofTensor(tensor);
  }

  private static long count(long[] shape) {
    long count = 1;
    for (long extent : shape) {
      if (extent < 0) {
        throw new IllegalArgumentException(
            "tensor extent must not be negative, got " + Arrays.toString(shape));
      }
      count = Math.multiplyExact(count, extent);
    }
    return count;
  }
}
