package dev.troupe.learner.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.OptimizerSpecification.Schedule;
import org.junit.jupiter.api.Test;

class LearningRateTest {
  @Test
  void warmsUpLinearlyAndStaysConstant() {
    LearningRate rate = new LearningRate(optimizer(Schedule.CONSTANT, 4, 0), 0);
    assertThat(rate.at(1)).isEqualTo(0.25);
    assertThat(rate.at(2)).isEqualTo(0.5);
    assertThat(rate.at(4)).isEqualTo(1);
    assertThat(rate.at(1_000_000)).isEqualTo(1);
  }

  @Test
  void decaysLinearlyToTheMinimum() {
    LearningRate rate = new LearningRate(optimizer(Schedule.LINEAR, 2, 0.2), 12);
    assertThat(rate.at(2)).isEqualTo(1);
    assertThat(rate.at(7)).isCloseTo(0.6, within(1e-12));
    assertThat(rate.at(12)).isCloseTo(0.2, within(1e-12));
    assertThat(rate.at(50)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void decaysAlongACosine() {
    LearningRate rate = new LearningRate(optimizer(Schedule.COSINE, 0, 0.1), 100);
    assertThat(rate.at(25)).isCloseTo(0.1 + 0.9 * 0.5 * (1 + Math.sqrt(0.5)), within(1e-12));
    assertThat(rate.at(50)).isCloseTo(0.55, within(1e-12));
    assertThat(rate.at(100)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void refusesToDecayOverAnUnknownNumberOfSteps() {
    assertThatThrownBy(() -> new LearningRate(optimizer(Schedule.COSINE, 3, 0), 0))
        .hasMessageContaining("over a known number of steps, got [0]");
  }

  @Test
  void aTrialShorterThanTheWarmUpOnlyWarmsUp() {
    LearningRate rate = new LearningRate(optimizer(Schedule.LINEAR, 5, 0.2), 3);
    assertThat(rate.at(3)).isEqualTo(0.6);
    assertThat(rate.at(5)).isEqualTo(1);
    assertThat(rate.at(6)).isCloseTo(0.2, within(1e-12));
  }

  private static OptimizerSpecification optimizer(Schedule schedule, int warmup, double minimum) {
    return new OptimizerSpecification(1, 0.9, 0.95, 1e-8, 0, warmup, schedule, minimum, 1);
  }
}
