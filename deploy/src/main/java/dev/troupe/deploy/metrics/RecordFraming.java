package dev.troupe.deploy.metrics;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * TensorFlow's record framing: length (8 bytes), masked CRC32C of the length, data, masked CRC32C
 * of the data; all little-endian.
 */
final class RecordFraming {
  private static final int MASK_DELTA = 0xa282ead8;

  private RecordFraming() {}

  static byte[] frame(byte[] data) {
    ByteBuffer record = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedChecksum(record.array(), 0, 8));
    record.put(data);
    record.putInt(maskedChecksum(data, 0, data.length));
    return record.array();
  }

  /** A checksum of bytes that hold checksums is weak, so it is rotated and shifted. */
  private static int maskedChecksum(byte[] bytes, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }
}
