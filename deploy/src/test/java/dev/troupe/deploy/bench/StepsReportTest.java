package dev.troupe.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.deploy.bench.StepsReport.Reading;
import dev.troupe.deploy.bench.StepsReport.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

final class StepsReportTest {
  @Test
  void stepsThatGrowByTwoPercentInAThousandAreNotFlat() {
    StepsReport report = report(3_000, number -> 0.05 * (1 + 2e-5 * (number - 1_500)));

    assertThat(report.processorSlope()).isCloseTo(2, within(0.05));
    assertThat(report.isFlat()).isFalse();
    assertThat(report(3_000, number -> 0.05 * (1 - 2e-5 * number)).isFlat()).isTrue();
  }

  @Test
  void aFewLongStepsDoNotTiltTheLine() {
    StepsReport report = report(1_000, number -> number > 995 ? 5 : 0.05);

    assertThat(report.processorSlope()).isCloseTo(0, within(1e-9));
    assertThat(report.isFlat()).isTrue();
  }

  @Test
  void blocksAreOfFiveHundredAndTheRestCountsIfItIsHalf() {
    assertThat(report(1_240, _ -> 0.05).blocks())
        .containsExactly(
            "updates     1 to   500:   50.0 ms each,   50.0 ms of processor time",
            "updates   501 to  1000:   50.0 ms each,   50.0 ms of processor time");
    assertThat(report(1_250, _ -> 0.05).blocks()).hasSize(3);
    assertThat(report(8, _ -> 0.05).blocks()).hasSize(1);
  }

  @Test
  void memoryCountsAfterFiveMinutesOrASixthOfAShorterRun() {
    StepsReport half = memory(1_800, second -> second < 300 ? 5e6 * second : 1.5e9 + 1e4 * second);
    assertThat(half.settledSecond()).isEqualTo(300);
    assertThat(half.growth()).isCloseTo(6e5, within(1.0));
    assertThat(half.isBounded()).isTrue();

    StepsReport quick = memory(120, second -> 1e9 + 2e4 * second);
    assertThat(quick.settledSecond()).isEqualTo(20);
    assertThat(quick.growth()).isCloseTo(1.2e6, within(1.0));
    assertThat(quick.isBounded()).isFalse();
  }

  private static StepsReport report(int updates, LongToDoubleFunction seconds) {
    List<Step> steps = new ArrayList<>();
    for (long number = 1; number <= updates; number++) {
      double took = seconds.applyAsDouble(number);
      steps.add(new Step(number, took, took));
    }
    return new StepsReport(steps, List.of());
  }

  private static StepsReport memory(int seconds, LongToDoubleFunction bytes) {
    List<Reading> readings = new ArrayList<>();
    for (long second = 0; second <= seconds; second += 10) {
      readings.add(new Reading(second, (long) bytes.applyAsDouble(second)));
    }
    return new StepsReport(List.of(), readings);
  }
}
