package dev.troupe.actors.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of an image, part by part. */
final class ImageDigest {
  /** The digest is faster on arrays than on mapped memory; this much stays in the cache. */
  private static final int COPY_BYTES = 1 << 16;

  private final MessageDigest digest;
  private final byte[] copy = new byte[COPY_BYTES];

  ImageDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void add(MemorySegment bytes) {
    for (long at = 0; at < bytes.byteSize(); at += COPY_BYTES) {
      int length = (int) Math.min(COPY_BYTES, bytes.byteSize() - at);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, copy, 0, length);
      digest.update(copy, 0, length);
    }
  }

  /** Of all that was added, hex. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
