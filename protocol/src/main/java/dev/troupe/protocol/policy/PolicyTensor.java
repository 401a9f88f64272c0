package dev.troupe.protocol.policy;

import dev.troupe.protocol.check.Check;

/**
 * Where a parameter lies in an image of weights.
 *
 * @param offset of its first byte, from the beginning of the image
 * @param checksum CRC32C of its bytes
 */
public record PolicyTensor(String name, long offset, long bytes, int checksum) {
  public PolicyTensor {
    Check.atLeast("offset", 0, offset);
    Check.atLeast("bytes", 0, bytes);
  }
}
