package dev.troupe.protocol.journal;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.codec.LedgerEventCodec;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * One record in a journal segment:
 *
 * <pre>
 * bytes 0-3    length of the payload, unsigned, from 1 to {@link #PAYLOAD_BYTES_MAX}
 * bytes 4-7    masked CRC32C of bytes 0-3
 * bytes 8-11   masked CRC32C of the payload
 * bytes 12-    payload
 * </pre>
 *
 * All little-endian, as in TFRecord files but for the length's width. The length has a checksum of
 * its own so that a damaged one neither allocates nor leads the reader astray, and so that a search
 * for the next record costs no more than a pass over the bytes. Masking keeps a frame whose payload
 * holds a frame, or zeros, from looking intact by accident.
 */
public final class Frames {
  public static final int HEADER_BYTES = 12;
  public static final int PAYLOAD_BYTES_MAX = 64 << 20;

  private static final int MASK = 0xa282ead8;
  private static final int LENGTH_SUM_AT = 4;
  private static final int PAYLOAD_SUM_AT = 8;

  private Frames() {}

  /** Bytes that a payload takes in the file. */
  public static int frameBytes(int payloadBytes) {
    return HEADER_BYTES + payloadBytes;
  }

  /** Appends the frame of {@code payload} to {@code target}. */
  public static void put(ByteBuffer target, byte[] payload) {
    put(target, buffer -> buffer.put(payload));
  }

  /** Appends the frame of what remains in {@code payload}, whose position stays. */
  public static void put(ByteBuffer target, ByteBuffer payload) {
    put(target, buffer -> buffer.put(payload.duplicate()));
  }

  /** Appends the frame of {@code event}. */
  public static void put(ByteBuffer target, LedgerEvent event) {
    put(target, LedgerEventCodec.encode(event));
  }

  /**
   * Appends a frame whose payload {@code write} writes straight into {@code target}, with no array
   * in between. When it fails or the payload is too large, the position of {@code target} is where
   * it was.
   *
   * @throws java.nio.BufferOverflowException if {@code target} is too small
   */
  public static void put(ByteBuffer target, Consumer<ByteBuffer> write) {
    int start = target.position();
    boolean done = false;
    try {
      target.putInt(0).putInt(0).putInt(0);
      write.accept(target);
      int end = target.position();
      int length = end - start - HEADER_BYTES;
      Check.that(
          length >= 1 && length <= PAYLOAD_BYTES_MAX,
          "payload",
          "from 1 to " + PAYLOAD_BYTES_MAX + " bytes",
          length);
      ByteBuffer frame = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      frame.putInt(start, length);
      frame.putInt(start + LENGTH_SUM_AT, lengthSum(length));
      frame.putInt(
          start + PAYLOAD_SUM_AT, payloadSum(frame.limit(end).position(start + HEADER_BYTES)));
      done = true;
    } finally {
      if (!done) {
        target.position(start);
      }
    }
  }

  static ByteBuffer littleEndian(ByteBuffer bytes) {
    return bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether the 12 bytes at {@code at} of a little-endian buffer begin a frame. */
  static boolean isHeader(ByteBuffer bytes, int at) {
    int length = bytes.getInt(at);
    return length >= 1
        && length <= PAYLOAD_BYTES_MAX
        && bytes.getInt(at + LENGTH_SUM_AT) == lengthSum(length);
  }

  /** The checksum that the header at {@code at} of a little-endian buffer names. */
  static int payloadSum(ByteBuffer bytes, int at) {
    return bytes.getInt(at + PAYLOAD_SUM_AT);
  }

  static int payloadSum(ByteBuffer payload) {
    var sum = new CRC32C();
    sum.update(payload);
    return mask((int) sum.getValue());
  }

  private static int lengthSum(int length) {
    var sum = new CRC32C();
    sum.update(length);
    sum.update(length >>> 8);
    sum.update(length >>> 16);
    sum.update(length >>> 24);
    return mask((int) sum.getValue());
  }

  private static int mask(int sum) {
    return Integer.rotateRight(sum, 15) + MASK;
  }
}
