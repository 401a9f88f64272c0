package dev.troupe.rollout.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedPermutationTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 16, 17, 100, 1000, 20_000})
  void hitsEveryElementOnce(long size) {
    KeyedPermutation permutation = new KeyedPermutation(42, size);
    assertThat(LongStream.range(0, size).map(permutation::at).sorted().toArray())
        .isEqualTo(LongStream.range(0, size).toArray());
  }

  @Test
  void dependsOnTheKey() {
    assertThat(LongStream.range(0, 8).map(new KeyedPermutation(1, 1000)::at).toArray())
        .isNotEqualTo(LongStream.range(0, 8).map(new KeyedPermutation(2, 1000)::at).toArray());
  }

  @Test
  void staysWithinVeryLargeRanges() {
    KeyedPermutation permutation = new KeyedPermutation(3, (1L << 62) - 1);
    assertThat(LongStream.range(0, 100).map(permutation::at).distinct().count()).isEqualTo(100);
    assertThat(permutation.at(permutation.size() - 1)).isBetween(0L, permutation.size() - 1);
  }

  @Test
  void refusesAnIndexOutside() {
    assertThatThrownBy(() -> new KeyedPermutation(1, 10).at(10))
        .hasMessage("permutation of [10] elements has no index [10]");
  }
}
