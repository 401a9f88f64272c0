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
import org.junit.jupiter.api.Test;

/**
 * A9: a walk from the centre of a 5×5 grid, where one corner is worth 0.5, the opposite one 1, and
 * a step −0.01. Who happens to see the lesser corner more often goes there for good.
 */
final class PropsGridWorldTest {
  private static final int SIDE = 5;
  private static final int PLACES = SIDE * SIDE;
  private static final int CENTRE = PLACES / 2;
  private static final int ACTIONS = 4;
  private static final int COLLECTION = 10;
  private static final int COLLECTIONS = 8;
  private static final int UPDATES = 6;

  @Test
  void adjustedSamplingFindsTheBetterCornerAtLeastAsOften() {
    int seeds = 16;
    int plain = 0;
    int adjusted = 0;
    for (int seed = 0; seed < seeds; seed++) {
      plain += reachesTheOptimum(AdjustmentMethod.NONE, seed) ? 1 : 0;
      adjusted += reachesTheOptimum(AdjustmentMethod.PROPS, seed) ? 1 : 0;
    }
    assertThat(adjusted).as("of %d seeds; PPO %d", seeds, plain).isGreaterThanOrEqualTo(plain);
    assertThat(adjusted).as("of %d seeds", seeds).isGreaterThanOrEqualTo(seeds / 2);
  }

  private static boolean reachesTheOptimum(AdjustmentMethod method, int seed) {
    Controls controls = new Controls();
    controls.adjustment =
        new Adjustment(method, COLLECTIONS, 1, 0.05, 16, 1, 0.3, 0, 0.05, 0.5, false);
    controls.learningRate = 0.3;
    controls.epochs = 4;
    controls.minibatches = 1;
    controls.entropy = 0;
    ControlLearner.Context context =
        new ControlLearner.Context(
            controls.build(), new TabularNetwork(PLACES, ACTIONS), seed, 1, 0);
    Walk walk = new Walk(seed);
    try (ControlLearner learner = ControlLearner.fresh(context)) {
      for (int n = 1; n <= UPDATES * COLLECTIONS; n++) {
        try (PolicySnapshot policy = learner.snapshot()) {
          float[] logits = policy.parameters().tensors().getFirst().toFloats();
          PolicyVersion version = policy.version();
          learner.update(SignGame.batch(n, version, List.of(walk.collected(logits))));
        }
      }
      try (PolicySnapshot policy = learner.learned()) {
        return likeliestPathEndsInTheBetterCorner(
            policy.parameters().tensors().getFirst().toFloats());
      }
    }
  }

  private static boolean likeliestPathEndsInTheBetterCorner(float[] logits) {
    int place = CENTRE;
    for (int step = 0; step < PLACES && place != 0 && place != PLACES - 1; step++) {
      int best = 0;
      for (int action = 1; action < ACTIONS; action++) {
        if (logits[place * ACTIONS + action] > logits[place * ACTIONS + best]) {
          best = action;
        }
      }
      place = next(place, best);
    }
    return place == PLACES - 1;
  }

  private static int next(int place, int action) {
    int row = place / SIDE + (action == 0 ? -1 : action == 1 ? 1 : 0);
    int column = place % SIDE + (action == 2 ? -1 : action == 3 ? 1 : 0);
    return Math.clamp(row, 0, SIDE - 1) * SIDE + Math.clamp(column, 0, SIDE - 1);
  }

  /** Goes on from one collection to the next. */
  private static final class Walk {
    private final SplittableRandom random;
    private int place = CENTRE;

    Walk(long seed) {
      random = new SplittableRandom(seed);
    }

    EnvironmentFragment collected(float[] logits) {
      float[] observations = new float[COLLECTION * PLACES];
      int[] actions = new int[COLLECTION];
      float[] logProbs = new float[COLLECTION];
      double[] rewards = new double[COLLECTION];
      boolean[] terminated = new boolean[COLLECTION];
      for (int t = 0; t < COLLECTION; t++) {
        observations[t * PLACES + place] = 1;
        double[] p = probabilities(logits);
        double u = random.nextDouble();
        int action = 0;
        while (action < ACTIONS - 1 && u >= p[action]) {
          u -= p[action++];
        }
        actions[t] = action;
        logProbs[t] = (float) Math.log(p[action]);
        place = next(place, action);
        terminated[t] = place == 0 || place == PLACES - 1;
        rewards[t] = place == 0 ? 0.5 : place == PLACES - 1 ? 1 : -0.01;
        place = terminated[t] ? CENTRE : place;
      }
      float[] last = new float[PLACES];
      last[place] = 1;
      return new EnvironmentFragment(
          TensorData.of(observations, COLLECTION, 1, PLACES),
          TensorData.of(actions, COLLECTION, 1, 1),
          TensorData.of(logProbs, COLLECTION, 1),
          TensorData.of(rewards, COLLECTION, 1),
          TensorData.of(terminated, COLLECTION, 1),
          TensorData.of(new boolean[COLLECTION], COLLECTION, 1),
          TensorData.of(new boolean[COLLECTION], COLLECTION, 1),
          TensorData.of(new float[0], 0, PLACES),
          TensorData.of(last, 1, PLACES),
          TensorData.of(new float[0], 1, 0),
          TensorData.of(new double[1], 1),
          TensorData.of(new double[0], 0),
          TensorData.of(new int[0], 0));
    }

    private double[] probabilities(float[] logits) {
      double[] p = new double[ACTIONS];
      double sum = 0;
      for (int action = 0; action < ACTIONS; action++) {
        p[action] = Math.exp(logits[place * ACTIONS + action]);
        sum += p[action];
      }
      for (int action = 0; action < ACTIONS; action++) {
        p[action] /= sum;
      }
      return p;
    }
  }
}
