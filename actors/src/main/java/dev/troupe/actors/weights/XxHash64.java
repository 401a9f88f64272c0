package dev.troupe.actors.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * XXH64 with seed 0, as its <a
 * href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md">specification</a> has it:
 * as fast as memory is read, and against accidents as good as 64 bits can be. It is no protection
 * from somebody who makes bytes to a hash.
 */
final class XxHash64 {
  private static final long PRIME_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME_3 = 0x165667B19E3779F9L;
  private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME_5 = 0x27D4EB2F165667C5L;
  private static final int STRIPE = 32;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private XxHash64() {}

  static long of(MemorySegment bytes) {
    long size = bytes.byteSize();
    long at = 0;
    long hash;
    if (size >= STRIPE) {
      long b = PRIME_2;
      long a = b + PRIME_1;
      long c = 0;
      long d = -PRIME_1;
      for (; at <= size - STRIPE; at += STRIPE) {
        a = round(a, bytes.get(LONG, at));
        b = round(b, bytes.get(LONG, at + 8));
        c = round(c, bytes.get(LONG, at + 16));
        d = round(d, bytes.get(LONG, at + 24));
      }
      hash =
          Long.rotateLeft(a, 1)
              + Long.rotateLeft(b, 7)
              + Long.rotateLeft(c, 12)
              + Long.rotateLeft(d, 18);
      hash = merge(merge(merge(merge(hash, a), b), c), d);
    } else {
      hash = PRIME_5;
    }
    return avalanche(tail(hash + size, bytes, at));
  }

  /** The last bytes, fewer than a stripe. */
  private static long tail(long before, MemorySegment bytes, long from) {
    long hash = before;
    long at = from;
    for (; at <= bytes.byteSize() - Long.BYTES; at += Long.BYTES) {
      hash = Long.rotateLeft(hash ^ round(0, bytes.get(LONG, at)), 27) * PRIME_1 + PRIME_4;
    }
    for (; at <= bytes.byteSize() - Integer.BYTES; at += Integer.BYTES) {
      long part = Integer.toUnsignedLong(bytes.get(INT, at));
      hash = Long.rotateLeft(hash ^ (part * PRIME_1), 23) * PRIME_2 + PRIME_3;
    }
    for (; at < bytes.byteSize(); at++) {
      long part = Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, at));
      hash = Long.rotateLeft(hash ^ (part * PRIME_5), 11) * PRIME_1;
    }
    return hash;
  }

  private static long round(long lane, long part) {
    return Long.rotateLeft(lane + part * PRIME_2, 31) * PRIME_1;
  }

  private static long merge(long hash, long lane) {
    return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
  }

  private static long avalanche(long merged) {
    long hash = (merged ^ (merged >>> 33)) * PRIME_2;
    hash = (hash ^ (hash >>> 29)) * PRIME_3;
    return hash ^ (hash >>> 32);
  }
}
