package dev.troupe.rollout.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.model.network.DecoderShape;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SamplingBenchmarkTest {
  private static final DecoderShape TINY =
      new DecoderShape(64, 16, 1, 2, 1, 8, 24, 48, 10_000, 1e-5, true, 0.02);

  @Test
  void dividesAllTokensByTheTimeOfTheRound() {
    AtomicLong clock = new AtomicLong();
    // One sampler asks for the time twice a round: a second passes in between.
    assertThat(
            new SamplingBenchmark(TINY, 8, 1, 1, 16, 32)
                .run(2, () -> clock.addAndGet(1_000_000_000)))
        .containsExactly(256.0, 256.0);
  }

  @Test
  void severalSamplersShareTheSequences() {
    assertThat(new SamplingBenchmark(TINY, 8, 2, 1, 16, 32).run(1, System::nanoTime))
        .singleElement()
        .satisfies(rate -> assertThat(rate).isPositive());
    assertThatThrownBy(() -> new SamplingBenchmark(TINY, 9, 2, 1, 16, 32))
        .hasMessage("[9] sequences must be shared evenly by [2] samplers");
  }
}
