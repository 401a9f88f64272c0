package dev.troupe.rollout.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SumsWritingTest {
  private static final SumsProblem SUM = new SumsProblem('+', 7, 85);
  private static final SumsProblem DIFFERENCE = new SumsProblem('-', 7, 42);

  @Test
  void writesAnswersInEitherOrder() {
    assertThat(new SumsWriting(true, 0).answer(SUM, 132)).isEqualTo("231");
    assertThat(new SumsWriting(false, 0).answer(SUM, 132)).isEqualTo("132");
    assertThat(new SumsWriting(true, 0).answer(SUM, 0)).isEqualTo("0");
    assertThat(new SumsWriting(true, 0).answer(SUM, 70)).isEqualTo("07");
  }

  @Test
  void putsTheSignFirstInEitherOrder() {
    assertThat(new SumsWriting(true, 0).answer(DIFFERENCE, -35)).isEqualTo("-53");
    assertThat(new SumsWriting(false, 0).answer(DIFFERENCE, -35)).isEqualTo("-35");
  }

  @Test
  void fillsOperandsAndAnswersUpWithZeros() {
    assertThat(new SumsWriting(true, 0).prompt(SUM)).isEqualTo("7+85=");
    assertThat(new SumsWriting(true, 2).prompt(SUM)).isEqualTo("07+85=");
    assertThat(new SumsWriting(true, 2).answer(SUM, 92)).isEqualTo("290");
    assertThat(new SumsWriting(false, 2).answer(SUM, 92)).isEqualTo("092");
    assertThat(new SumsWriting(true, 2).answer(DIFFERENCE, 5)).isEqualTo("50");
  }
}
