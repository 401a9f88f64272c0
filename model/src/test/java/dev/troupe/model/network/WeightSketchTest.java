package dev.troupe.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.tensor.FloatArray;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightSketchTest {
  @Test
  void distancesOfSketchesAreThoseOfTheWeightsWithinAThird() {
    SplittableRandom random = new SplittableRandom(5);
    float[] before = gaussian(random, 10_001, 1);
    float[] step = gaussian(random, 10_001, 1e-3);
    float[] after = new float[before.length];
    for (int i = 0; i < before.length; i++) {
      after[i] = before[i] + step[i];
    }

    List<Double> distances = WeightSketch.distances(sketch(before, before), sketch(after, before));

    // |step| = 1e-3 · √10001; the second tensor is the same.
    assertThat(distances.getFirst()).isCloseTo(0.1, within(0.1 / 3));
    assertThat(distances.getLast()).isZero();
  }

  @Test
  void oneWeightsMoveIsItsDistance() {
    float[] zeros = new float[40];
    float[] one = zeros.clone();
    one[39] = -0.25f;

    assertThat(WeightSketch.distances(sketch(zeros, zeros), sketch(zeros, one)))
        .containsExactly(0.0, 0.25);
  }

  private static FloatArray sketch(float[] first, float[] second) {
    try (Parameters parameters =
        new Parameters(List.of("a", "b"), List.of(Tensor.of(first), Tensor.of(second)))) {
      return WeightSketch.of(parameters);
    }
  }

  private static float[] gaussian(SplittableRandom random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
