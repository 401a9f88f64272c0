package dev.troupe.learner.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.ControlSpecification.Adjustment;
import dev.troupe.protocol.run.ControlSpecification.AdjustmentMethod;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A9: two choices in a row lead to rewards 2, 0.5, 1 and 1. The best leaf lies beside the worst, so
 * that a policy that saw the worst too often turns away from both for good.
 */
final class PropsTwoStepTest {
  private static final int COLLECTION = 2;
  private static final int COLLECTIONS = 4;
  private static final int UPDATES = 12;
  private static final double[] LEAVES = {2, 0.5, 1, 1};

  @Test
  void adjustedSamplingFindsTheBestLeafAtLeastAsOften() {
    compare(3);
  }

  @Test
  @Tag("long")
  void adjustedSamplingFindsTheBestLeafAtLeastAsOftenOverManySeeds() {
    compare(20);
  }

  private static void compare(int seeds) {
    int plain = 0;
    int adjusted = 0;
    for (int seed = 0; seed < seeds; seed++) {
      plain += reachesTheOptimum(AdjustmentMethod.NONE, seed) ? 1 : 0;
      adjusted += reachesTheOptimum(AdjustmentMethod.PROPS, seed) ? 1 : 0;
    }
    assertThat(adjusted).as("of %d seeds; PPO %d", seeds, plain).isGreaterThanOrEqualTo(plain);
  }

  private static boolean reachesTheOptimum(AdjustmentMethod method, int seed) {
    Controls controls = new Controls();
    controls.adjustment =
        new Adjustment(method, COLLECTIONS, 1, 0.1, 16, 1, 0.3, 0, 0.05, 0.5, false);
    controls.learningRate = 0.5;
    controls.epochs = 4;
    controls.minibatches = 1;
    controls.entropy = 0;
    controls.discount = 1;
    ControlLearner.Context context =
        new ControlLearner.Context(controls.build(), new TabularNetwork(3, 2), seed, 1, 0);
    SplittableRandom random = new SplittableRandom(seed);
    try (ControlLearner learner = ControlLearner.fresh(context)) {
      for (int n = 1; n <= UPDATES * COLLECTIONS; n++) {
        try (PolicySnapshot policy = learner.snapshot()) {
          float[] logits = policy.parameters().tensors().getFirst().toFloats();
          PolicyVersion version = policy.version();
          learner.update(SignGame.batch(n, version, List.of(collected(logits, random))));
        }
      }
      try (PolicySnapshot policy = learner.learned()) {
        float[] logits = policy.parameters().tensors().getFirst().toFloats();
        return left(logits, 0) * left(logits, 1) > 0.5;
      }
    }
  }

  /** Whole episodes of two steps. */
  private static EnvironmentFragment collected(float[] logits, SplittableRandom random) {
    float[] observations = new float[COLLECTION * 3];
    int[] actions = new int[COLLECTION];
    float[] logProbs = new float[COLLECTION];
    double[] rewards = new double[COLLECTION];
    boolean[] terminated = new boolean[COLLECTION];
    int state = 0;
    for (int t = 0; t < COLLECTION; t++) {
      observations[t * 3 + state] = 1;
      double left = left(logits, state);
      actions[t] = random.nextDouble() < left ? 0 : 1;
      logProbs[t] = (float) Math.log(actions[t] == 0 ? left : 1 - left);
      terminated[t] = state > 0;
      rewards[t] = state == 0 ? 0 : LEAVES[2 * (state - 1) + actions[t]];
      state = state == 0 ? 1 + actions[t] : 0;
    }
    return new EnvironmentFragment(
        TensorData.of(observations, COLLECTION, 1, 3),
        TensorData.of(actions, COLLECTION, 1, 1),
        TensorData.of(logProbs, COLLECTION, 1),
        TensorData.of(rewards, COLLECTION, 1),
        TensorData.of(terminated, COLLECTION, 1),
        TensorData.of(new boolean[COLLECTION], COLLECTION, 1),
        TensorData.of(new boolean[COLLECTION], COLLECTION, 1),
        TensorData.of(new float[0], 0, 3),
        TensorData.of(new float[] {1, 0, 0}, 1, 3),
        TensorData.of(new float[0], 1, 0),
        TensorData.of(new double[1], 1),
        TensorData.of(new double[0], 0),
        TensorData.of(new int[0], 0));
  }

  /** Probability of the first action. */
  private static double left(float[] logits, int state) {
    return 1 / (1 + Math.exp(logits[2 * state + 1] - logits[2 * state]));
  }
}
