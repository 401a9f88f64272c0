package dev.troupe.protocol.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** An immutable array of floats, compared by content. */
public final class FloatArray {
  private static final FloatArray EMPTY = new FloatArray(new float[0]);

  private final float[] values;

  private FloatArray(float[] values) {
    this.values = values;
  }

  /** Copies {@code values}. */
  public static FloatArray of(float... values) {
    return values.length == 0 ? EMPTY : new FloatArray(values.clone());
  }

  /** Copies {@code values[from..to)}. */
  public static FloatArray copyOf(float[] values, int from, int to) {
    return from == to ? EMPTY : new FloatArray(Arrays.copyOfRange(values, from, to));
  }

  /**
   * Reads all that remains in {@code bytes} and leaves its position alone.
   *
   * @throws IllegalArgumentException unless that is a multiple of 4 bytes
   */
  public static FloatArray fromLittleEndian(ByteBuffer bytes) {
    int length = bytes.remaining();
    if (length % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "floats take a multiple of [4] bytes, got [" + length + "]");
    }
    if (length == 0) {
      return EMPTY;
    }
    var values = new float[length / Float.BYTES];
    bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new FloatArray(values);
  }

  public static FloatArray empty() {
    return EMPTY;
  }

  public int size() {
    return values.length;
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  public float at(int index) {
    return values[index];
  }

  /** A copy. */
  public float[] toArray() {
    return values.clone();
  }

  /** Copies all elements into {@code target} from {@code offset} on. */
  public void copyInto(float[] target, int offset) {
    System.arraycopy(values, 0, target, offset, values.length);
  }

  /** Four bytes an element. */
  public byte[] toLittleEndian() {
    var bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatArray that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
