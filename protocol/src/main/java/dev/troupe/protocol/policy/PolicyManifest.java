package dev.troupe.protocol.policy;

import dev.troupe.protocol.check.Check;
import java.util.List;

/**
 * How the weights of a version are fetched.
 *
 * @param bytes whole size of the safetensors image
 * @param chunkBytes size of every chunk but the last
 * @param chunkChecksums CRC32C of each chunk
 */
public record PolicyManifest(
    PolicyVersion version, long bytes, int chunkBytes, List<Integer> chunkChecksums) {
  public PolicyManifest {
    chunkChecksums = List.copyOf(chunkChecksums);
    Check.atLeast("bytes", 0, bytes);
    Check.atLeast("chunkBytes", 1, chunkBytes);
    long chunks = Math.ceilDiv(bytes, chunkBytes);
    Check.that(
        chunkChecksums.size() == chunks,
        "chunkChecksums",
        "one for each of " + chunks + " chunks",
        chunkChecksums.size());
  }
}
