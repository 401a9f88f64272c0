package dev.troupe.rollout.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  @Test
  void answersThePublishedVectors() {
    // Random123, kat_vectors: philox4x32 10; words 0 and 1 of the result.
    assertThat(Philox.bits(0, 0, 0)).isEqualTo(0xe169c58d6627e8d5L);
    assertThat(Philox.bits(-1, -1, -1)).isEqualTo(0x41c83b0e408f276dL);
    assertThat(Philox.bits(0x299f31d0a4093822L, 0x0370734413198a2eL, 0x85a308d3243f6a88L))
        .isEqualTo(0x94fdcceb_d16cfe09L);
  }

  @Test
  void uniformsFillTheUnitIntervalEvenly() {
    int[] counts = new int[10];
    for (int position = 0; position < 100_000; position++) {
      double uniform = Philox.uniform(7, 3, position);
      assertThat(uniform).isGreaterThanOrEqualTo(0).isLessThan(1);
      counts[(int) (uniform * 10)]++;
    }
    // Chi-square with 9 degrees of freedom: 27.9 is the 0.1 % point.
    double chiSquare = Arrays.stream(counts).mapToDouble(c -> Math.pow(c - 1e4, 2) / 1e4).sum();
    assertThat(chiSquare).isLessThan(27.9);
  }

  @Test
  void streamsOfDifferentNamesHaveDifferentKeys() {
    assertThat(Philox.key(1, "tasks")).isNotEqualTo(Philox.key(1, "corpus"));
    assertThat(Philox.key(1, "tasks")).isNotEqualTo(Philox.key(2, "tasks"));
    assertThat(Philox.key(1, "tasks")).isEqualTo(Philox.key(1, "tasks"));
  }
}
