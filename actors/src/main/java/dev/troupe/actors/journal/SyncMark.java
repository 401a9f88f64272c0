package dev.troupe.actors.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * A record that says: this segment is synced up to here. It is written after every sync, without
 * waiting for its own. By it a reader tells a tail that was never acknowledged (cut off) from
 * damage to what was (stop): bad bytes below a mark's length were once good.
 *
 * <p>Its payload begins with a zero byte, which no protobuf message does.
 */
final class SyncMark {
  static final int PAYLOAD_BYTES = 16;
  private static final int MAGIC = 0x4e595300; // "\0SYN" in the file

  private SyncMark() {}

  static void write(ByteBuffer target, long syncedLength) {
    ByteBuffer payload =
        ByteBuffer.allocate(PAYLOAD_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(MAGIC)
            .putInt(0)
            .putLong(syncedLength)
            .flip();
    target.put(payload);
  }

  /** The synced length, if {@code payload} is a mark. */
  static OptionalLong read(ByteBuffer payload) {
    ByteBuffer bytes = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    return bytes.remaining() == PAYLOAD_BYTES && bytes.getInt(bytes.position()) == MAGIC
        ? OptionalLong.of(bytes.getLong(bytes.position() + 8))
        : OptionalLong.empty();
  }
}
