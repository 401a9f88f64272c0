package dev.troupe.rollout.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.rollout.task.SumsProblem.Forgetting;
import dev.troupe.rollout.task.SumsProblem.Worked;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SumsProblemTest {
  private static final Forgetting EVERYTHING = _ -> true;

  @Test
  void worksANegativeDifferenceAsLargerMinusSmaller() {
    assertThat(new SumsProblem('-', 12, 47).work(Forgetting.NOTHING)).isEqualTo(new Worked(-35, 0));
  }

  @Test
  void forgetsCarriesPlaceByPlace() {
    SumsProblem problem = new SumsProblem('+', 47, 85);
    assertThat(problem.work(Forgetting.NOTHING)).isEqualTo(new Worked(132, 2));
    assertThat(problem.work(EVERYTHING)).isEqualTo(new Worked(22, 2));
    assertThat(problem.work(place -> place == 0)).isEqualTo(new Worked(122, 2));
    assertThat(problem.work(place -> place == 1)).isEqualTo(new Worked(32, 2));
  }

  @Test
  void forgetsBorrowsLikewise() {
    assertThat(new SumsProblem('-', 52, 17).work(EVERYTHING)).isEqualTo(new Worked(45, 1));
    assertThat(new SumsProblem('-', 17, 52).work(EVERYTHING)).isEqualTo(new Worked(-45, 1));
  }

  @Test
  void worksLikeArithmetic() {
    long seed = 11;
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      long left = random.nextLong(100_000);
      long right = random.nextLong(100_000);
      assertThat(new SumsProblem('+', left, right).work(Forgetting.NOTHING).value())
          .as("seed %s: %s+%s", seed, left, right)
          .isEqualTo(left + right);
      assertThat(new SumsProblem('-', left, right).work(Forgetting.NOTHING).value())
          .as("seed %s: %s-%s", seed, left, right)
          .isEqualTo(left - right);
    }
  }

  @Test
  void labelsDifficultyByDigitsAndCarries() {
    assertThat(new SumsProblem('+', 47, 85).difficulty()).isEqualTo("2 digits, 2 carries");
    assertThat(new SumsProblem('+', 7, 5).difficulty()).isEqualTo("1 digit, 1 carry");
    assertThat(new SumsProblem('+', 40, 5).difficulty()).isEqualTo("2 digits, 0 carries");
    assertThat(new SumsProblem('-', 52, 17).difficulty()).isEqualTo("2 digits, 1 borrow");
    assertThat(new SumsProblem('-', 52, 1).difficulty()).isEqualTo("2 digits, 0 borrows");
  }
}
