package dev.troupe.protocol.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** An immutable array of ints, compared by content. */
public final class IntArray {
  private static final IntArray EMPTY = new IntArray(new int[0]);

  private final int[] values;

  private IntArray(int[] values) {
    this.values = values;
  }

  /** Copies {@code values}. */
  public static IntArray of(int... values) {
    return values.length == 0 ? EMPTY : new IntArray(values.clone());
  }

  /** Copies {@code values[from..to)}. */
  public static IntArray copyOf(int[] values, int from, int to) {
    return from == to ? EMPTY : new IntArray(Arrays.copyOfRange(values, from, to));
  }

  /**
   * Reads all that remains in {@code bytes} and leaves its position alone.
   *
   * @throws IllegalArgumentException unless that is a multiple of 4 bytes
   */
  public static IntArray fromLittleEndian(ByteBuffer bytes) {
    int length = bytes.remaining();
    if (length % Integer.BYTES != 0) {
      throw new IllegalArgumentException("ints take a multiple of [4] bytes, got [" + length + "]");
    }
    if (length == 0) {
      return EMPTY;
    }
    var values = new int[length / Integer.BYTES];
    bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(values);
    return new IntArray(values);
  }

  public static IntArray empty() {
    return EMPTY;
  }

  public int size() {
    return values.length;
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  public int at(int index) {
    return values[index];
  }

  /** A copy. */
  public int[] toArray() {
    return values.clone();
  }

  /** Copies all elements into {@code target} from {@code offset} on. */
  public void copyInto(int[] target, int offset) {
    System.arraycopy(values, 0, target, offset, values.length);
  }

  /** Four bytes an element. */
  public byte[] toLittleEndian() {
    var bytes = new byte[Math.multiplyExact(values.length, Integer.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(values);
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IntArray that && Arrays.equals(values, that.values);
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
