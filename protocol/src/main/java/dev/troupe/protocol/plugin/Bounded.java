package dev.troupe.protocol.plugin;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;

/** Counts and bytes that are believed only as far as there are bytes left. */
final class Bounded {
  private Bounded() {}

  /** A count of elements that take at least {@code bytesEach} bytes each. */
  static int count(Input input, int bytesEach) {
    int count = input.readVarInt(true);
    int left = input.limit() - input.position();
    if (count < 0 || (long) count * bytesEach > left) {
      throw new KryoException(
          "[" + count + "] elements of [" + bytesEach + "] bytes, [" + left + "] bytes are left");
    }
    return count;
  }

  static byte[] bytes(Input input) {
    return input.readBytes(count(input, 1));
  }
}
