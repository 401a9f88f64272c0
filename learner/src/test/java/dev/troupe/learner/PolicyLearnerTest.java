package dev.troupe.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.run.LearnerSpecification.Advantage;
import dev.troupe.protocol.run.LearnerSpecification.Aggregation;
import dev.troupe.protocol.run.LearnerSpecification.Compute;
import dev.troupe.protocol.run.LearnerSpecification.Importance;
import dev.troupe.protocol.run.LearnerSpecification.Kl;
import dev.troupe.protocol.run.LearnerSpecification.OldPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyLearnerTest {
  @TempDir private Path directory;

  @Test
  void everyEstimatorLearnsToGiveTheRewardedAnswer() {
    for (Advantage advantage : Advantage.values()) {
      TinyRun run = new TinyRun();
      run.learner.advantage = advantage;
      try (PolicyLearner learner = run.fresh();
          PolicyProbe probe = new PolicyProbe(run.context(1).network())) {
        double before = preference(probe, learner);
        for (int n = 1; n <= 15; n++) {
          learner.update(run.batch(n));
        }
        assertThat(before).as("%s before", advantage).isBetween(0.05, 0.7);
        assertThat(preference(probe, learner)).as("%s after", advantage).isGreaterThan(0.9);
      }
    }
  }

  /** P(right) / (P(right) + P(wrong)) after a prompt of two tokens. */
  private static double preference(PolicyProbe probe, PolicyLearner learner) {
    double right = probe.probability(learner, TinyRun.RIGHT, 5, 5);
    return right / (right + probe.probability(learner, TinyRun.WRONG, 5, 5));
  }

  @Test
  void supervisedStepsLearnTheExamples() {
    TinyRun run = new TinyRun();
    run.sftSteps = 60;
    try (PolicyLearner learner = run.fresh();
        PolicyProbe probe = new PolicyProbe(run.context(1).network())) {
      double first = learner.pretrain(TinyRun.examples(1)).metric(LearnerMetrics.LOSS);
      double last = first;
      for (int step = 2; step <= 60; step++) {
        last = learner.pretrain(TinyRun.examples(step)).metric(LearnerMetrics.LOSS);
      }
      assertThat(last).isLessThan(0.5 * first);
      assertThat(probe.probability(learner, 4, 3)).isGreaterThan(0.8);
      assertThatThrownBy(() -> learner.pretrain(TinyRun.examples(61)))
          .hasMessageContaining("all [60] supervised steps are done");
    }
  }

  @Test
  void sameInputsGiveTheSameBits() {
    TinyRun run = new TinyRun();
    run.sftSteps = 3;
    run.learner.minibatches = 2;
    run.learner.epochs = 2;
    String first = trained(run, 4);
    assertThat(trained(run, 4)).isEqualTo(first);
  }

  @Test
  void resultDoesNotDependOnTheNumberOfWorkers() {
    TinyRun run = new TinyRun();
    run.learner.microBatch = 3;
    String single = trained(run, 5);
    run.threads = 3;
    assertThat(trained(run, 5)).isEqualTo(single);
  }

  private static String trained(TinyRun run, int updates) {
    try (PolicyLearner learner = run.fresh()) {
      for (int step = 1; step <= run.sftSteps; step++) {
        learner.pretrain(TinyRun.examples(step));
      }
      for (int n = 1; n <= updates; n++) {
        learner.update(run.batch(n));
      }
      return TinyRun.hash(learner);
    }
  }

  @Test
  void microBatchesChangeNothingButTheLastBits() {
    for (Aggregation aggregation : Aggregation.values()) {
      TinyRun run = new TinyRun();
      run.learner.aggregation = aggregation;
      run.learner.microBatch = 16;
      float[] whole = embedding(run);
      run.learner.microBatch = 3;
      assertThat(embedding(run)).containsExactly(whole, within(2e-5f));
    }
  }

  private static float[] embedding(TinyRun run) {
    return embedding(run, run.batch(1));
  }

  private static float[] embedding(TinyRun run, Batch batch) {
    try (PolicyLearner learner = run.fresh()) {
      learner.update(batch);
      try (PolicySnapshot snapshot = learner.snapshot()) {
        return snapshot.parameters().get("model.embed_tokens.weight").toFloats();
      }
    }
  }

  @Test
  void groupsWithoutAdvantageMoveWeightsByABonusOnly() {
    TinyRun plain = new TinyRun();
    try (PolicyLearner learner = plain.fresh()) {
      String before = TinyRun.hash(learner);
      UpdateReport report = learner.update(allRight(plain.batch(1)));
      assertThat(report.metric(LearnerMetrics.GRADIENT_NORM)).isZero();
      assertThat(report.metric(LearnerMetrics.ENTROPY)).isGreaterThan(1);
      assertThat(TinyRun.hash(learner)).isEqualTo(before);
    }
    TinyRun bonus = new TinyRun();
    bonus.learner.entropyCoefficient = 0.5;
    try (PolicyLearner learner = bonus.fresh()) {
      UpdateReport report = learner.update(allRight(bonus.batch(1)));
      assertThat(report.metric(LearnerMetrics.GRADIENT_NORM)).isGreaterThan(1e-4);
    }
  }

  @Test
  void groupsWithoutAdvantageBesideOthersChangeNothingButTheLastBits() {
    TinyRun skipping = new TinyRun();
    // So small a bonus does nothing but ask for the gradient of every token.
    TinyRun complete = new TinyRun();
    complete.learner.entropyCoefficient = 1e-12;
    Batch mixed = mixed(skipping);
    assertThat(embedding(skipping, mixed))
        .containsExactly(embedding(complete, mixed), within(2e-5f));
  }

  /** Four groups, all members of two of them right. */
  private static Batch mixed(TinyRun run) {
    List<BatchGroup> groups = new ArrayList<>(run.batch(1).groups());
    groups.set(0, allRight(groups.get(0)));
    groups.set(2, allRight(groups.get(2)));
    return new Batch(1, groups);
  }

  private static Batch allRight(Batch batch) {
    return new Batch(
        batch.number(), batch.groups().stream().map(PolicyLearnerTest::allRight).toList());
  }

  private static BatchGroup allRight(BatchGroup group) {
    return new BatchGroup(
        group.group(),
        group.trajectories().stream()
            .map(
                each ->
                    new JudgedTrajectory(
                        each.trajectory(), each.verifier(), new Outcome.Scored(1), Duration.ZERO))
            .toList());
  }

  @Test
  void recomputedOldPolicyHasRatioOneAndBehaviourDoesNot() {
    TinyRun run = new TinyRun();
    run.lag = 1;
    try (PolicyLearner learner = run.fresh()) {
      learner.update(run.batch(1));
      Map<String, Double> metrics = learner.update(run.batch(2)).metrics();
      assertThat(metrics).containsEntry(LearnerMetrics.KL_OLD_K3, 0.0);
      assertThat(metrics).containsEntry(LearnerMetrics.CLIPPED_SHARE, 0.0);
      assertThat(metrics).containsEntry(LearnerMetrics.POLICY_LAG_MAX, 1.0);
      assertThat(metrics.get(LearnerMetrics.RHO_MEAN)).isBetween(0.01, 0.9);
      assertThat(metrics.get(LearnerMetrics.EFFECTIVE_SAMPLE_SHARE)).isBetween(0.1, 0.999);
      assertThat(metrics.get(LearnerMetrics.KL_BEHAVIOUR_K3)).isGreaterThan(0.1);
      assertThat(metrics.get(LearnerMetrics.ENTROPY)).isBetween(1.0, Math.log(8));
    }
    run.learner.oldPolicy = OldPolicy.BEHAVIOUR;
    try (PolicyLearner learner = run.fresh()) {
      Map<String, Double> metrics = learner.update(run.batch(1)).metrics();
      assertThat(metrics).containsEntry(LearnerMetrics.RHO_MEAN, 1.0);
      assertThat(metrics.get(LearnerMetrics.KL_OLD_K3)).isGreaterThan(0.1);
      assertThat(metrics.get(LearnerMetrics.CLIPPED_SHARE)).isGreaterThan(0.1);
    }
  }

  @Test
  void secondMinibatchStandsApartFromTheOldPolicyThatWasScoredBeforeTheFirst() {
    TinyRun run = new TinyRun();
    run.learner.importance = Importance.TOKEN;
    run.learner.minibatches = 2;
    try (PolicyLearner learner = run.fresh()) {
      Map<String, Double> metrics = learner.update(run.batch(1)).metrics();
      assertThat(metrics.get(LearnerMetrics.KL_OLD_K3)).isBetween(1e-6, 0.2);
    }
  }

  @Test
  void penaltyHoldsThePolicyNearItsReference() {
    TinyRun free = new TinyRun();
    free.learner.kl = Kl.K3;
    free.learner.klCoefficient = 1e-6;
    TinyRun held = new TinyRun();
    held.learner.kl = Kl.K3;
    held.learner.klCoefficient = 1;
    assertThat(divergence(held)).isLessThan(0.5 * divergence(free));
  }

  private static double divergence(TinyRun run) {
    try (PolicyLearner learner = run.fresh()) {
      double divergence = 0;
      for (int n = 1; n <= 8; n++) {
        divergence = learner.update(run.batch(n)).metric(LearnerMetrics.KL_REFERENCE_K3);
      }
      return divergence;
    }
  }

  @Test
  void nonFiniteLossIsSkippedCountedAndStopsPastTheBudget() throws IOException {
    Path loss = directory.resolve("nan.py");
    Files.writeString(
        loss,
        """
        def policy_loss(logp: Tensor, old_logp: Tensor, behaviour_logp: Tensor, reference_logp: Tensor,
                entropy: Tensor, advantages: Tensor, mask: Tensor, weights: Tensor) -> Tuple[Tensor, Tensor]:
            return (torch.sum(logp * weights) * nan, mask)
        """);
    TinyRun run = new TinyRun();
    run.learner.loss = loss.toString();
    run.learner.nonFiniteBudget = 1;
    try (PolicyLearner learner = run.fresh()) {
      String before = TinyRun.hash(learner);
      UpdateReport report = learner.update(run.batch(1));
      assertThat(report.skipped()).isTrue();
      assertThat(report.update()).isEqualTo(1);
      assertThat(report.metrics()).containsEntry(LearnerMetrics.SKIPPED_UPDATES, 1.0);
      assertThat(TinyRun.hash(learner)).isEqualTo(before);
      assertThatThrownBy(() -> learner.update(run.batch(2)))
          .isInstanceOf(NonFiniteBudgetExceeded.class)
          .hasMessageContaining("[2] updates were skipped")
          .hasMessageContaining("is [1]")
          .hasMessageContaining("at update [2]");
    }
  }

  @Test
  void snapshotsStayAsTheyWereWhileUpdatesGoOn() {
    TinyRun run = new TinyRun();
    try (PolicyLearner learner = run.fresh();
        PolicySnapshot held = learner.snapshot()) {
      Tensor embedding = held.parameters().get("model.embed_tokens.weight");
      float[] before = embedding.toFloats();
      learner.update(run.batch(1));
      assertThat(embedding.toFloats()).isEqualTo(before);
      assertThat(held.version().update()).isZero();
      try (PolicySnapshot next = learner.snapshot()) {
        assertThat(next.version().update()).isEqualTo(1);
        assertThat(next.version().hash()).isNotEqualTo(held.version().hash());
      }
    }
  }

  @Test
  void refusesBatchesOutOfTurn() {
    TinyRun run = new TinyRun();
    run.sftSteps = 1;
    try (PolicyLearner learner = run.fresh()) {
      assertThatThrownBy(() -> learner.update(run.batch(1)))
          .hasMessage("expected supervised step [1], got batch [1]");
      learner.pretrain(TinyRun.examples(1));
      assertThatThrownBy(() -> learner.update(run.batch(2)))
          .hasMessage("expected batch [1], got batch [2]");
    }
  }

  @Test
  void bfloat16TrainsWhereTheProcessorHasItAndIsRefusedElsewhere() throws IOException {
    assertThatThrownBy(() -> Bfloat16.check(Compute.BFLOAT16, "cpu", false))
        .hasMessageContaining("set learner.compute = float32");
    Path facts = directory.resolve("cpuinfo");
    Files.writeString(facts, "processor : 0\nflags : fpu avx2 avx512_bf16\n");
    assertThat(Bfloat16.supported(facts)).isTrue();
    Files.writeString(facts, "processor : 0\nflags : fpu avx2\n");
    assertThat(Bfloat16.supported(facts)).isFalse();
  }

  @Test
  void entropyAndTemperatureReachTheLoss() {
    TinyRun plain = new TinyRun();
    TinyRun warm = new TinyRun();
    warm.temperature = 2;
    TinyRun bonus = new TinyRun();
    bonus.learner.entropyCoefficient = 0.5;
    assertThat(entropy(warm, 1)).isGreaterThan(entropy(plain, 1));
    assertThat(entropy(bonus, 12)).isGreaterThan(entropy(plain, 12));
  }

  private static double entropy(TinyRun run, int updates) {
    try (PolicyLearner learner = run.fresh()) {
      double entropy = 0;
      for (int n = 1; n <= updates; n++) {
        entropy = learner.update(run.batch(n)).metric(LearnerMetrics.ENTROPY);
      }
      return entropy;
    }
  }
}
