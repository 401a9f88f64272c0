package dev.troupe.actors.weights;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Digest of an image, chunk by chunk: SHA-256 over the size and the {@link XxHash64} of each.
 *
 * <p>SHA-256 of the bytes themselves would take more of a core than all the rest of a transfer; see
 * docs/decisions.md for what this proves and what it doesn't.
 */
final class ImageDigest {
  private final MessageDigest digest;

  ImageDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void add(MemorySegment chunk) {
    digest.update(
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(chunk.byteSize())
            .putLong(XxHash64.of(chunk))
            .flip());
  }

  /** Of all that was added, hex. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
