package dev.troupe.learner.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.learner.Oracle;
import dev.troupe.learner.control.PropsLab.Adjusted;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Adjusted behaviour policies make data look on-policy; A1 to A4, A6, A8 and A11. */
final class PropsTest {
  private static final int COLLECTION = 16;

  /** A1. */
  @Test
  void onPolicySamplesMissTheirPolicyByDegreesOfFreedomOverTwiceTheirNumber() {
    for (int arms : new int[] {4, 10}) {
      double expected = (arms - 1) / 512.0;
      assertThat(bandit(arms, 256, 1, 0, 3000, Sampling.ON_POLICY))
          .isCloseTo(expected, within(0.05 * expected));
    }
  }

  /** A2. */
  @Test
  void adjustedSamplesMissItByLittle() {
    assertThat(bandit(4, 256, 1, 0, 12, Sampling.ADJUSTED)).isLessThan(0.6 * 0.0065);
    assertThat(bandit(10, 256, 1, 0, 8, Sampling.ADJUSTED)).isLessThan(0.6 * 0.0181);
  }

  /** A3. */
  @Test
  void adjustedTheWrongWayTheyMissItByFar() {
    double onPolicy = bandit(8, 512, 2, 0.1, 100, Sampling.ON_POLICY);
    assertThat(onPolicy).isCloseTo(0.0043, within(0.001));
    assertThat(bandit(8, 512, 2, 0.1, 2, Sampling.REVERSED)).isGreaterThan(2 * onPolicy);
  }

  /** A4. */
  @Test
  void whatAnOlderPolicyCollectedIsMadeUpFor() {
    double onPolicy = bandit(8, 512, 2, 0.3, 100, Sampling.ON_POLICY);
    assertThat(onPolicy).isCloseTo(0.0123, within(0.002));
    assertThat(bandit(8, 512, 2, 0.3, 6, Sampling.ADJUSTED)).isLessThan(0.6 * onPolicy);
  }

  /** A6. */
  @Test
  void oneFreePlainStepIsRos() {
    for (JsonElement element : Oracle.read("control/props.json").getAsJsonArray("categorical")) {
      JsonObject oracle = element.getAsJsonObject();
      double[][] target = Oracle.matrix(oracle.get("target_logits"));
      double[] actions = Oracle.vector(oracle.get("actions"));
      try (PropsLab lab = new PropsLab(target.length, target[0].length)) {
        for (int s = 0; s < actions.length; s++) {
          lab.pairs.add(new int[] {s, (int) actions[s]});
        }
        lab.adam = false;
        lab.clip = 1e30;
        lab.targetKl = 1e30;
        lab.clipNorm = 0;
        lab.epochs = 1;
        lab.learningRate = oracle.get("ros_alpha").getAsDouble();
        Adjusted adjusted = lab.adjust(floats(Oracle.flat(oracle.get("target_logits"))), 0);
        float[] expected = floats(Oracle.flat(oracle.get("ros_behaviour_logits")));
        assertThat(adjusted.logits).containsExactly(expected, within(1e-6f));
      }
    }
  }

  /** A8. */
  @Test
  void noStepIsTakenOnceTheStatisticExceedsItsTarget() {
    try (PropsLab lab = new PropsLab(1, 4)) {
      for (int a : new int[] {0, 0, 0, 1, 1, 2}) {
        lab.pairs.add(new int[] {0, a});
      }
      lab.clip = 1e30;
      lab.learningRate = 0.05;
      lab.epochs = 64;
      lab.targetKl = 0.02;
      Adjusted stopped = lab.adjust(new float[4], 0);
      assertThat(stopped.steps).isBetween(2, 63);
      assertThat(stopped.statistic).isGreaterThan(0.02);
      lab.targetKl = 1e30;
      lab.epochs = stopped.steps;
      Adjusted free = lab.adjust(new float[4], 0);
      // The figure is of the last minibatch seen: that before the last step here.
      assertThat(free.statistic).isLessThanOrEqualTo(0.02);
      assertThat(free.logits).containsExactly(stopped.logits);
    }
  }

  @Test
  void theFittedSamplingErrorIsThatOfCounts() {
    try (PropsLab lab = new PropsLab(GridWalk.STATES, GridWalk.ACTIONS)) {
      float[] uniform = new float[GridWalk.STATES * GridWalk.ACTIONS];
      GridWalk walk = new GridWalk(5);
      for (int i = 0; i < 500; i++) {
        walk.step(lab, uniform);
      }
      double counted = lab.countedError(uniform);
      assertThat(lab.fittedError(uniform)).isCloseTo(counted, within(0.05 * counted));
    }
  }

  /** A11. */
  @Test
  void inAGridWorldTheSamplingErrorFallsBelowHalf() {
    gridWorld(2);
  }

  /** A11 with all of its seeds. */
  @Test
  @Tag("long")
  void inAGridWorldTheSamplingErrorFallsBelowHalfOverTenSeeds() {
    gridWorld(10);
  }

  private static void gridWorld(int seeds) {
    double[] onPolicy = new double[4];
    double[] adjusted = new double[4];
    for (int seed = 0; seed < seeds; seed++) {
      for (boolean adjusting : new boolean[] {false, true}) {
        try (PropsLab lab = new PropsLab(GridWalk.STATES, GridWalk.ACTIONS)) {
          lab.learningRate = 0.05;
          lab.targetKl = 1;
          float[] theta = new float[GridWalk.STATES * GridWalk.ACTIONS];
          float[] phi = theta;
          GridWalk walk = new GridWalk(seed);
          for (int step = 1; step <= 1000; step++) {
            walk.step(lab, phi);
            if (adjusting && step % 10 == 0) {
              phi = lab.adjust(theta, 0).logits;
            }
            if (step % 250 == 0) {
              (adjusting ? adjusted : onPolicy)[step / 250 - 1] += lab.countedError(theta) / seeds;
            }
          }
        }
      }
    }
    String figures = Arrays.toString(onPolicy) + " and " + Arrays.toString(adjusted);
    assertThat(onPolicy[3]).as(figures).isBetween(0.025, 0.05);
    assertThat(adjusted[3]).as(figures).isLessThan(0.5 * onPolicy[3]);
    assertThat(adjusted[0]).as(figures).isLessThan(0.75 * onPolicy[0]);
  }

  /** Who collects. */
  private enum Sampling {
    ON_POLICY,
    ADJUSTED,
    REVERSED
  }

  /**
   * Mean KL(π_D‖π) over repetitions: {@code batches} batches of {@code size} pulls, the policy's
   * logits shifted by normal numbers between them.
   */
  private static double bandit(
      int arms, int size, int batches, double shift, int repetitions, Sampling sampling) {
    double sum = 0;
    try (PropsLab lab = new PropsLab(1, arms)) {
      lab.learningRate = sampling == Sampling.REVERSED ? -0.5 : 0.5;
      for (int repetition = 0; repetition < repetitions; repetition++) {
        SplittableRandom random = new SplittableRandom(1000 + repetition);
        float[] theta = new float[arms];
        for (int a = 0; a < arms; a++) {
          theta[a] = (float) (0.5 * random.nextGaussian());
        }
        lab.pairs.clear();
        for (int batch = 0; batch < batches; batch++) {
          for (int a = 0; a < arms && batch > 0; a++) {
            theta[a] += (float) (shift * random.nextGaussian());
          }
          for (int first = 0; first < size; first += COLLECTION) {
            float[] phi = sampling == Sampling.ON_POLICY ? theta : lab.adjust(theta, 0).logits;
            for (int i = 0; i < COLLECTION; i++) {
              lab.pairs.add(new int[] {0, lab.draw(phi, 0, random)});
            }
          }
        }
        sum += lab.countedError(theta) / repetitions;
      }
    }
    return sum;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
