package dev.troupe.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.network.DecoderShape;
import dev.troupe.rollout.sampling.SamplingBenchmark;
import org.junit.jupiter.api.Test;

final class BenchmarksTest {
  @Test
  void theMatrixRateIsThatOfAMachine() {
    assertThat(MatrixRate.measure(1, System::nanoTime)).isGreaterThan(1e9);
  }

  @Test
  void countsTheOperationsOfATokenByTheShape() {
    DecoderShape shape = SamplingBenchmark.referenceShape();

    // 2,372,544 weights and 6 layers x 6 heads x 32, with 32 tokens to look back at.
    assertThat(Work.drawing(shape, 32)).isCloseTo(2 * 2_372_544 + 147_456, within(10_000.0));
    assertThat(Work.training(shape, 32)).isEqualTo(3 * Work.drawing(shape, 32));
  }

  @Test
  void aRecordHasAboutTheSizeThatWasAskedFor() {
    assertThat(LargeRecord.ofBytes(8_000).trajectory().behaviour().update()).isZero();
  }
}
