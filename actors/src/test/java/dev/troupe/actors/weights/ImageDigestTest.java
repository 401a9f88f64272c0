package dev.troupe.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImageDigestTest {
  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * i * 31 + i * 7 + 3);
    }
    return bytes;
  }

  /** Expected is what xxHash's own library says (Python package xxhash 4.1.0). */
  @ParameterizedTest
  @CsvSource({
    "0, ef46db3751d8e999",
    "1, 1f25c8d0bc1f4bb6",
    "3, a020f3294a68c3b2",
    "4, 9a05810a0d610553",
    "7, 85b3be277ada6206",
    "8, e400a21c7735e336",
    "12, fee2c2b08b6c74e8",
    "31, 799631c30d7e3922",
    "32, 6b7ead39b05fcc7c",
    "33, b6d285b00d90e573",
    "63, 765796fdb42cab38",
    "64, 7a9871c22557878c",
    "100, b261bdbad1498f82",
    "65539, d46fd47f63521801"
  })
  void chunksAreHashedAsTheOriginalDoesIt(int count, String expected) {
    assertThat(Long.toHexString(XxHash64.of(MemorySegment.ofArray(bytes(count)))))
        .isEqualTo(expected);
  }

  @Test
  void theSameBytesHaveTheSameHashWhereverTheyLie() {
    byte[] text = "  abc".getBytes(StandardCharsets.UTF_8);

    assertThat(XxHash64.of(MemorySegment.ofArray(text).asSlice(2))).isEqualTo(0x44bc2cf5ad770999L);
  }

  @Test
  void everyBitAndTheOrderOfChunksAndWhereTheyEndMatter() {
    byte[] flipped = bytes(100);
    flipped[70] ^= 4;
    String digest = digest(bytes(64), bytes(100));

    assertThat(digest).hasSize(64).isEqualTo(digest(bytes(64), bytes(100)));
    assertThat(digest)
        .isNotEqualTo(digest(bytes(64), flipped))
        .isNotEqualTo(digest(bytes(100), bytes(64)))
        .isNotEqualTo(digest(bytes(64)))
        .isNotEqualTo(digest(bytes(64), bytes(100), bytes(0)));
  }

  private static String digest(byte[]... chunks) {
    ImageDigest digest = new ImageDigest();
    for (byte[] chunk : chunks) {
      digest.add(MemorySegment.ofArray(chunk));
    }
    return digest.hex();
  }
}
