package dev.troupe.deploy.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.deploy.history.Tolerance.Farthest;
import dev.troupe.protocol.tensor.FloatArray;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ToleranceTest {
  private final Tolerance tolerance = new Tolerance(List.of("first", "second"));

  @Test
  void allowsTenTimesTheDriftOfTwoReplaysAsAShareOfTheWay() {
    // Both tensors go 1; the second replay is 1e-3 from the first one in both.
    tolerance.begin(sketch(0, 0));
    tolerance.moved(1, sketch(1, 1), sketch(1.001f, 0.999f));

    Farthest near = tolerance.compare(1, List.of(0.009, 0.002));
    assertThat(near.tensor()).isEqualTo("first");
    assertThat(near.way()).isCloseTo(0.009, within(1e-6));
    assertThat(near.may()).isCloseTo(0.01, within(1e-5));
    assertThat(near.isWithin()).isTrue();
    assertThat(near.telling()).isTrue();
    Farthest far = tolerance.compare(1, List.of(0.0, 0.011));
    assertThat(far.tensor()).isEqualTo("second");
    assertThat(far.isWithin()).isFalse();
    assertThat(far.text())
        .isEqualTo(
            "tensor [second] is 0.011 of its way from the recorded one, rounding explains up to"
                + " 0.010");
  }

  @Test
  void sketchesMayBeTwiceAsFarForTheyAreEstimates() {
    tolerance.begin(sketch(0, 0));
    tolerance.moved(1, sketch(1, 1), sketch(1.001f, 0.999f));

    assertThat(tolerance.compare(1, sketch(1.019f, 1), sketch(1, 1)).isWithin()).isTrue();
    assertThat(tolerance.compare(1, sketch(1.021f, 1), sketch(1, 1)).isWithin()).isFalse();
  }

  @Test
  void beyondADriftOfTwoPercentWeightsTellLittleUntilTheNextStretch() {
    tolerance.begin(sketch(0, 0));
    tolerance.moved(1, sketch(1, 1), sketch(1.03f, 0.97f));
    tolerance.moved(2, sketch(3, 3), sketch(3, 3));
    assertThat(tolerance.compare(2, List.of(0.1, 0.1)).isWithin()).isTrue();
    assertThat(tolerance.compare(2, List.of(0.1, 0.1)).telling()).isFalse();

    tolerance.begin(sketch(3, 3));
    tolerance.moved(3, sketch(4, 4), sketch(4, 4));
    assertThat(tolerance.compare(3, List.of(0.0, 0.0)).telling()).isTrue();
    assertThat(tolerance.compare(3, List.of(0.1, 0.0)).isWithin()).isFalse();
  }

  @Test
  void weightsThatAreNotNumbersAreOutside() {
    tolerance.begin(sketch(0, 0));
    tolerance.moved(1, sketch(1, 1), sketch(1.001f, 0.999f));

    assertThat(tolerance.compare(1, List.of(0.0, Double.NaN)).isWithin()).isFalse();
  }

  private static FloatArray sketch(float first, float second) {
    float[] sums = new float[32];
    sums[0] = first;
    sums[16] = second;
    return FloatArray.of(sums);
  }
}
