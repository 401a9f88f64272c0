package dev.troupe.protocol.policy;

import dev.troupe.protocol.check.Check;
import java.util.List;

/**
 * How the weights of a version are fetched: as one safetensors image, in chunks.
 *
 * @param bytes whole size of the image
 * @param chunkBytes size of every chunk but the last
 * @param chunkChecksums CRC32C of each chunk
 * @param digest of the whole image, hex: SHA-256 over length and XXH64 of each chunk
 * @param tensors where each parameter lies in the image, in the order of the network's layout; a
 *     node that has the same bytes in an older version needs not fetch them
 */
public record PolicyManifest(
    PolicyVersion version,
    long bytes,
    int chunkBytes,
    List<Integer> chunkChecksums,
    String digest,
    List<PolicyTensor> tensors) {
  /** Whoever fetches holds a few chunks in memory. */
  private static final int CHUNK_BYTES_MAX = 1 << 26;

  public PolicyManifest {
    chunkChecksums = List.copyOf(chunkChecksums);
    tensors = List.copyOf(tensors);
    Check.atLeast("bytes", 0, bytes);
    Check.within("chunkBytes", 1, CHUNK_BYTES_MAX, chunkBytes);
    long chunks = Math.ceilDiv(bytes, chunkBytes);
    Check.that(
        chunkChecksums.size() == chunks,
        "chunkChecksums",
        "one for each of " + chunks + " chunks",
        chunkChecksums.size());
    Check.that(isHash(digest), "digest", "64 hexadecimal digits", digest);
    for (PolicyTensor tensor : tensors) {
      Check.that(
          tensor.bytes() <= bytes && tensor.offset() <= bytes - tensor.bytes(),
          "tensors",
          "tensors within the image's " + bytes + " bytes",
          tensor);
    }
  }

  /** How many chunks there are. */
  public int chunks() {
    return chunkChecksums.size();
  }

  /** Where chunk {@code chunk} begins. */
  public long chunkOffset(int chunk) {
    return (long) chunk * chunkBytes;
  }

  /** Bytes of chunk {@code chunk}. */
  public int chunkLength(int chunk) {
    return (int) Math.min(chunkBytes, bytes - chunkOffset(chunk));
  }

  private static boolean isHash(String text) {
    return text.length() == 64
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
