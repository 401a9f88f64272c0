package dev.troupe.protocol.tensor;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * A tensor as it is stored or sent: row-major little-endian bytes.
 *
 * @param dtype element type
 * @param shape extents, outermost first; empty for a scalar
 * @param bytes exactly {@code product(shape) * dtype.bytes()} bytes
 */
public record TensorData(DType dtype, List<Long> shape, ByteString bytes) {
  public TensorData {
    shape = List.copyOf(shape);
    long expected = dtype.bytes();
    for (long extent : shape) {
      if (extent < 0) {
        throw new IllegalArgumentException("tensor extent must not be negative, got " + shape);
      }
      expected = Math.multiplyExact(expected, extent);
    }
    if (bytes.size() != expected) {
      throw new IllegalArgumentException(
          "tensor of "
              + dtype
              + shape
              + " needs ["
              + expected
              + "] bytes, got ["
              + bytes.size()
              + "]");
    }
  }
}
