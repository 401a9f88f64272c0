package dev.troupe.learner.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.learner.LearnerMetrics;
import dev.troupe.learner.UpdateReport;
import dev.troupe.model.network.ActionDistribution.Categorical;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ControlShape;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.run.ControlSpecification.Adjustment;
import dev.troupe.protocol.run.ControlSpecification.AdjustmentMethod;
import dev.troupe.protocol.run.ControlSpecification.Algorithm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Buffer, versions and adjustments of a learner whose behaviour policy is adjusted. */
final class PropsLearnerTest {
  private static final ControlNetwork NETWORK =
      ControlNetwork.of(ControlShape.plain(2, List.of(8), new Categorical(2)));

  /** A5. */
  @Test
  void withoutPassesOrRateItIsPpoWithTheSameBuffer() {
    List<String> plain = hashes(adjustment(AdjustmentMethod.NONE, 1e-2, 2));
    assertThat(hashes(adjustment(AdjustmentMethod.PROPS, 1e-2, 0))).isEqualTo(plain);
    assertThat(hashes(adjustment(AdjustmentMethod.PROPS, 0, 2))).isEqualTo(plain);
    assertThat(hashes(adjustment(AdjustmentMethod.PROPS, 1e-2, 2))).isNotEqualTo(plain);
  }

  @Test
  void versionsCountBatchesAndTheAdjustmentsSinceThePolicyLearned() {
    ControlLearner.Context context = context(adjustment(AdjustmentMethod.PROPS, 1e-2, 2));
    try (ControlLearner learner = ControlLearner.fresh(context);
        SignGame game = new SignGame(NETWORK, false, 8, 4, 3)) {
      List<Long> updates = new ArrayList<>();
      List<Integer> adjustments = new ArrayList<>();
      List<Boolean> learned = new ArrayList<>();
      for (int n = 1; n <= 4; n++) {
        String before = theta(learner);
        try (PolicySnapshot policy = learner.snapshot()) {
          UpdateReport report = learner.update(game.batch(n, policy));
          assertThat(report.metrics()).containsKey(LearnerMetrics.ADJUSTMENT_STEPS);
          assertThat(report.metrics().containsKey(LearnerMetrics.SAMPLING_ERROR))
              .isEqualTo(n % 2 == 0);
        }
        learned.add(!theta(learner).equals(before));
        try (PolicySnapshot policy = learner.snapshot()) {
          updates.add(policy.version().update());
          adjustments.add(policy.version().adjustment());
          assertThat(policy.version().hash()).isNotEqualTo(theta(learner));
        }
      }
      assertThat(updates).containsExactly(1L, 2L, 3L, 4L);
      assertThat(adjustments).containsExactly(1, 1, 2, 1);
      assertThat(learned).containsExactly(false, true, false, true);
    }
  }

  /** A10. */
  @Test
  void aFullBufferEvictsTheOldestAndIsAdjustedToWithoutTheNextToGo() {
    Controls controls = controls(adjustment(AdjustmentMethod.PROPS, 1e-2, 2));
    Map<String, Double> metrics = new HashMap<>();
    try (ControlTrainer trainer = new ControlTrainer(controls.build(), NETWORK, 5);
        ControlState full = ControlState.fresh(trainer.initial(), 2);
        ControlState open = ControlState.fresh(trainer.initial(), 2)) {
      List<Batch> batches = batches(controls, 5);
      for (Batch batch : batches) {
        full.collect(trainer.experiences().of(batch), 4);
      }
      assertThat(full.buffer()).hasSize(4);
      for (Batch batch : batches.subList(2, 5)) {
        open.collect(trainer.experiences().of(batch), 8);
      }
      try (Tensor ofFull = trainer.adjusted(full, 4, 1, metrics);
          Tensor ofNewest = trainer.adjusted(open, 8, 1, metrics);
          Tensor ofAll = trainer.adjusted(full, 8, 1, metrics)) {
        assertThat(ofFull.toFloats()).containsExactly(ofNewest.toFloats());
        assertThat(ofFull.toFloats()).isNotEqualTo(ofAll.toFloats());
      }
    }
  }

  @Test
  void rosTakesOneStepAwayFromWhatWasCollected() {
    ControlLearner.Context context = context(adjustment(AdjustmentMethod.ROS, 0.1, 9));
    try (ControlLearner learner = ControlLearner.fresh(context);
        SignGame game = new SignGame(NETWORK, false, 8, 4, 3);
        PolicySnapshot policy = learner.snapshot()) {
      UpdateReport report = learner.update(game.batch(1, policy));
      assertThat(report.metric(LearnerMetrics.ADJUSTMENT_STEPS)).isEqualTo(1);
    }
  }

  @Test
  void correctingAgainstAnAdjustedPolicyIsRefused() {
    Controls controls = controls(adjustment(AdjustmentMethod.PROPS, 1e-2, 2));
    for (Algorithm algorithm : List.of(Algorithm.VTRACE, Algorithm.APPO, Algorithm.IMPACT)) {
      controls.algorithm = algorithm;
      assertThatThrownBy(controls::build)
          .hasMessageContaining("adjustment")
          .hasMessageContaining("corrects against the behaviour policy");
    }
  }

  private static Adjustment adjustment(AdjustmentMethod method, double rate, int epochs) {
    return new Adjustment(method, 2, 2, rate, epochs, 2, 0.3, 0.1, 10, 0.5, false);
  }

  private static Controls controls(Adjustment adjustment) {
    Controls controls = new Controls();
    controls.adjustment = adjustment;
    return controls;
  }

  private static ControlLearner.Context context(Adjustment adjustment) {
    return new ControlLearner.Context(controls(adjustment).build(), NETWORK, 5, 1, 0);
  }

  /** Behaviour policies of six batches, each collected with the one before. */
  private static List<String> hashes(Adjustment adjustment) {
    List<String> hashes = new ArrayList<>();
    try (ControlLearner learner = ControlLearner.fresh(context(adjustment));
        SignGame game = new SignGame(NETWORK, false, 8, 4, 3)) {
      for (int n = 1; n <= 6; n++) {
        try (PolicySnapshot policy = learner.snapshot()) {
          hashes.add(policy.version().hash());
          learner.update(game.batch(n, policy));
        }
      }
    }
    return hashes;
  }

  private static List<Batch> batches(Controls controls, int count) {
    List<Batch> batches = new ArrayList<>();
    ControlLearner.Context context = new ControlLearner.Context(controls.build(), NETWORK, 5, 1, 0);
    try (ControlLearner learner = ControlLearner.fresh(context);
        SignGame game = new SignGame(NETWORK, false, 8, 4, 3);
        PolicySnapshot policy = learner.snapshot()) {
      for (int n = 1; n <= count; n++) {
        batches.add(game.batch(n, policy));
      }
    }
    return batches;
  }

  private static String theta(ControlLearner learner) {
    try (PolicySnapshot policy = learner.learned()) {
      return policy.version().hash();
    }
  }
}
