package dev.troupe.learner.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ShuffleTest {
  @Test
  void everyPassTakesEveryRowOnceInPartsOfNearlyEqualSize() {
    Shuffle shuffle = Shuffle.of(10, 3, 2, 7, 1);
    assertThat(shuffle.bounds()).containsExactly(0, 3, 6, 10, 13, 16, 20);
    for (int pass = 0; pass < 2; pass++) {
      long[] rows = Arrays.copyOfRange(shuffle.order(), 10 * pass, 10 * pass + 10);
      assertThat(rows).containsExactlyInAnyOrder(LongStream.range(0, 10).toArray());
      assertThat(rows).isNotEqualTo(LongStream.range(0, 10).toArray());
    }
  }

  @Test
  void theSameUpdateTakesTheSameRowsAndAnotherDoesNot() {
    long[] first = Shuffle.of(10, 2, 1, 7, 1).order();
    assertThat(Shuffle.of(10, 2, 1, 7, 1).order()).containsExactly(first);
    assertThat(Shuffle.of(10, 2, 1, 7, 2).order()).isNotEqualTo(first);
    assertThat(Shuffle.of(10, 2, 1, 8, 1).order()).isNotEqualTo(first);
  }

  @Test
  void noPartIsASingleRow() {
    assertThat(Shuffle.of(5, 4, 1, 7, 1).bounds()).containsExactly(0, 2, 5);
  }
}
