package dev.troupe.learner.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.learner.LearnerMetrics;
import dev.troupe.learner.NonFiniteBudgetExceeded;
import dev.troupe.learner.UpdateReport;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.model.network.ActionDistribution;
import dev.troupe.model.network.ActionDistribution.Categorical;
import dev.troupe.model.network.ActionDistribution.MultiCategorical;
import dev.troupe.model.network.ActionDistribution.Normal;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ControlShape;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.ControlSpecification.Adjustment;
import dev.troupe.protocol.run.ControlSpecification.AdjustmentMethod;
import dev.troupe.protocol.run.ControlSpecification.Algorithm;
import dev.troupe.protocol.run.ControlSpecification.Recurrence;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlLearnerTest {
  @TempDir private Path directory;

  @Test
  void everyAlgorithmLearnsToTellSigns() {
    for (Algorithm algorithm : Algorithm.values()) {
      Controls controls = controls(algorithm);
      ControlNetwork network = network(Recurrence.NONE, new Categorical(2), false);
      assertThat(reward(controls, network, false, 25)).as("%s", algorithm).isGreaterThan(0.9);
    }
  }

  @Test
  void severalChoicesAndNumbersAreLearned() {
    for (ActionDistribution actions : List.of(new MultiCategorical(List.of(2, 3)), new Normal(1))) {
      Controls controls = controls(Algorithm.PPO);
      controls.entropy = 0;
      controls.normaliseObservations = true;
      controls.normaliseRewards = true;
      ControlNetwork network = network(Recurrence.NONE, actions, true);
      double least = actions instanceof Normal ? 0.5 : 0.85;
      assertThat(reward(controls, network, false, 40)).as("%s", actions).isGreaterThan(least);
    }
  }

  @Test
  void policiesWithMemoryRememberAndOthersDoNot() {
    for (Recurrence recurrence : Recurrence.values()) {
      Controls controls = controls(Algorithm.PPO);
      controls.epochs = 8;
      ControlNetwork network = network(recurrence, new Categorical(2), false);
      double reward = reward(controls, network, true, 40);
      if (recurrence == Recurrence.NONE) {
        assertThat(reward).isLessThan(0.7);
      } else {
        assertThat(reward).as("%s", recurrence).isGreaterThan(0.85);
      }
    }
  }

  @Test
  void aRestoredLearnerGoesOnBitForBit() {
    for (Algorithm algorithm : List.of(Algorithm.PPO, Algorithm.IMPACT)) {
      Controls controls = controls(algorithm);
      controls.normaliseObservations = true;
      controls.normaliseRewards = true;
      if (algorithm == Algorithm.PPO) {
        controls.adjustment =
            new Adjustment(AdjustmentMethod.PROPS, 2, 2, 1e-2, 2, 2, 0.3, 0.1, 0.05, 0.5, false);
      }
      ControlLearner.Context context =
          context(controls, network(Recurrence.NONE, new Categorical(2), true), 1);
      List<Batch> batches = batches(context, 7);
      for (int savedAt : new int[] {3, 4, 5}) {
        CheckpointStore store =
            new CheckpointStore(directory.resolve(algorithm + "" + savedAt), CheckpointHooks.NONE);
        CheckpointRef saved;
        List<String> expected;
        try (ControlLearner learner = ControlLearner.fresh(context)) {
          batches.subList(0, savedAt).forEach(learner::update);
          saved = learner.save(store);
          batches.subList(savedAt, 7).forEach(learner::update);
          expected = hashes(learner);
        }
        ControlLearner.Context second =
            new ControlLearner.Context(context.control(), context.network(), 5, 2, 0);
        try (ControlLearner restored = ControlLearner.restore(second, store.open(saved))) {
          assertThat(restored.updates()).isEqualTo(savedAt);
          batches.subList(savedAt, 7).forEach(restored::update);
          assertThat(hashes(restored)).as("saved at %d", savedAt).isEqualTo(expected);
          try (PolicySnapshot snapshot = restored.snapshot()) {
            assertThat(snapshot.version().incarnation()).isEqualTo(2);
            assertThat(snapshot.version().update()).isEqualTo(7);
          }
        }
      }
    }
  }

  @Test
  void updatesStopAtTheTargetKl() {
    Controls controls = controls(Algorithm.PPO);
    controls.learningRate = 0.05;
    controls.targetKl = 0.01;
    controls.epochs = 10;
    ControlLearner.Context context =
        context(controls, network(Recurrence.NONE, new Categorical(2), false), 1);
    try (ControlLearner learner = ControlLearner.fresh(context)) {
      UpdateReport report = learner.update(batches(context, 1).getFirst());
      assertThat(report.metric(LearnerMetrics.OPTIMIZER_STEPS)).isBetween(1.0, 19.0);
    }
  }

  @Test
  void aBatchOutOfOrderAndAFragmentOfAnotherShapeAreRefused() {
    ControlLearner.Context context =
        context(controls(Algorithm.PPO), network(Recurrence.NONE, new Categorical(2), false), 1);
    ControlLearner.Context wider =
        context(
            controls(Algorithm.PPO),
            network(Recurrence.NONE, new MultiCategorical(List.of(2, 3)), false),
            1);
    List<Batch> batches = batches(context, 2);
    try (ControlLearner learner = ControlLearner.fresh(context);
        ControlLearner other = ControlLearner.fresh(wider)) {
      assertThatThrownBy(() -> learner.update(batches.get(1)))
          .hasMessage("expected batch [1], got batch [2]");
      assertThatThrownBy(() -> other.update(batches.get(0)))
          .hasMessage("the policy wants [2] numbers of an action, the fragment has [1]");
    }
  }

  @Test
  void anUpdateThatIsNotFiniteChangesNothingAndCountsAgainstTheBudget() {
    Controls controls = controls(Algorithm.PPO);
    controls.minibatches = 1;
    ControlLearner.Context context =
        context(controls, network(Recurrence.NONE, new Categorical(2), false), 1);
    try (ControlLearner learner = ControlLearner.fresh(context);
        SignGame game = new SignGame(context.network(), false, 16, 4, 3)) {
      List<String> before = hashes(learner);
      EnvironmentFragment fragment;
      PolicyVersion version;
      try (PolicySnapshot policy = learner.snapshot()) {
        fragment = game.play(policy);
        version = policy.version();
      }
      Batch poisoned = SignGame.batch(1, version, List.of(SignGame.withoutNumber(fragment)));
      assertThatThrownBy(() -> learner.update(poisoned))
          .isInstanceOf(NonFiniteBudgetExceeded.class)
          .hasMessageContaining("[1] updates were skipped");
      assertThat(hashes(learner)).isEqualTo(before);
    }
  }

  private static Controls controls(Algorithm algorithm) {
    Controls controls = new Controls();
    controls.algorithm = algorithm;
    controls.discount = 0.5;
    controls.lambda = algorithm == Algorithm.A2C ? 1 : 0.9;
    controls.learningRate = 0.01;
    controls.entropy = 0;
    controls.epochs =
        switch (algorithm) {
          case PPO, APPO, IMPACT -> 4;
          case A2C, VTRACE -> 1;
        };
    controls.minibatches = 2;
    return controls;
  }

  private static ControlNetwork network(
      Recurrence recurrence, ActionDistribution actions, boolean normalised) {
    int width = recurrence == Recurrence.NONE ? 0 : 12;
    return ControlNetwork.of(
        new ControlShape(2, List.of(16), recurrence, width, actions, normalised, 10));
  }

  private static ControlLearner.Context context(
      Controls controls, ControlNetwork network, int incarnation) {
    return new ControlLearner.Context(controls.build(), network, 5, incarnation, 0);
  }

  /** Mean reward after so many updates. */
  private static double reward(
      Controls controls, ControlNetwork network, boolean remember, int updates) {
    try (ControlLearner learner = ControlLearner.fresh(context(controls, network, 1));
        SignGame game = new SignGame(network, remember, 16, 16, 3)) {
      for (int n = 1; n <= updates; n++) {
        try (PolicySnapshot policy = learner.snapshot()) {
          learner.update(game.batch(n, policy));
        }
      }
      return game.meanReward();
    }
  }

  private static List<Batch> batches(ControlLearner.Context context, int count) {
    List<Batch> batches = new ArrayList<>();
    try (ControlLearner learner = ControlLearner.fresh(context);
        SignGame game = new SignGame(context.network(), false, 16, 4, 3)) {
      for (int n = 1; n <= count; n++) {
        try (PolicySnapshot policy = learner.snapshot()) {
          batches.add(game.batch(n, policy));
        }
        learner.update(batches.getLast());
      }
    }
    return batches;
  }

  private static List<String> hashes(ControlLearner learner) {
    try (PolicySnapshot behaviour = learner.snapshot();
        PolicySnapshot learned = learner.learned()) {
      return List.of(behaviour.version().hash(), learned.version().hash());
    }
  }
}
