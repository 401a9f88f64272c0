package dev.troupe.learner;

import dev.troupe.learner.advantage.AdvantageEstimator;
import dev.troupe.learner.batching.TrainingSequence;
import dev.troupe.learner.checkpoint.Checkpoint;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.learner.loss.PolicyLoss;
import dev.troupe.learner.optimizer.LearningRate;
import dev.troupe.learner.update.OptimizerStep;
import dev.troupe.learner.update.PolicyFigures;
import dev.troupe.learner.update.PolicyRow;
import dev.troupe.learner.update.Trainer;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.tokenizer.Tokenizers;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.checkpoint.CheckpointState;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.LearnerSpecification.OldPolicy;
import dev.troupe.protocol.run.RunSpecification;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The learner of a run: supervised steps, then one update for each batch.
 *
 * <p>Its whole state is weights, optimizer moments and the counters of {@link #state}: everything
 * else (learning rates, shuffles) follows from them and the recipe, so that a learner restored from
 * a checkpoint goes on bit for bit as if nothing had happened. Supervised step s makes update s,
 * batch n makes update F + n, where F is the recipe's number of supervised steps. When
 * reinforcement learning begins, the optimizer's moments start from zero and, if the recipe asks
 * for a penalty, the weights of that moment become the reference policy.
 *
 * <p>One thread at a time owns a learner; micro-batches are computed on threads of its own.
 */
public final class PolicyLearner implements AutoCloseable {
  private final RunSpecification run;
  private final LearnerSpecification learner;
  private final int incarnation;
  private final Trainer trainer;
  private final AdvantageEstimator estimator;
  private final LearningRate supervisedRate;
  private final LearningRate policyRate;
  private final int stepsAnUpdate;
  private Trainer.@Nullable FrozenPolicy reference;
  private @Nullable PolicySnapshot current;
  private long sftSteps;
  private long lastBatch;
  private long skippedUpdates;
  private Map<String, Double> metrics = Map.of();

  private PolicyLearner(LearnerContext context, DecoderNetwork network, Parameters initial) {
    this.run = context.run();
    this.learner = run.learner();
    this.incarnation = context.incarnation();
    refuseCutDistributions();
    String device = run.runtime().learnerDevice();
    Bfloat16.check(learner.compute(), device, Bfloat16.supported());
    this.stepsAnUpdate = learner.epochs() * learner.minibatches();
    this.estimator = AdvantageEstimator.of(learner);
    this.policyRate = new LearningRate(learner.optimizer(), run.stop().updates() * stepsAnUpdate);
    this.supervisedRate =
        run.sft().steps() == 0
            ? policyRate
            : new LearningRate(run.sft().optimizer(), run.sft().steps());
    this.trainer =
        new Trainer(
            network,
            initial,
            learner,
            PolicyLoss.source(learner, context.files()),
            run.sampling().temperature(),
            device,
            run.runtime().learnerThreads(),
            context.threads());
  }

  /**
   * What a learner is made with.
   *
   * @param incarnation number of this learner, from 1; its versions carry it
   * @param files finds what the recipe names
   * @param threads for micro-batches
   */
  public record LearnerContext(
      RunSpecification run, int incarnation, Function<String, Path> files, ThreadFactory threads) {
    DecoderNetwork network() {
      int vocabulary = Tokenizers.of(run.model().tokenizer()).size();
      return new DecoderNetwork(DecoderShape.of(run.model(), vocabulary));
    }
  }

  /** A learner at update 0: weights from the recipe's {@code init-from}, else from the seed. */
  public static PolicyLearner fresh(LearnerContext context) {
    DecoderNetwork network = context.network();
    String from = context.run().model().initFrom();
    try (Parameters initial =
        from.isEmpty()
            ? network.initial(context.run().seed())
            : InitialWeights.load(from, context.files(), network)) {
      return new PolicyLearner(context, network, initial);
    }
  }

  /** A learner as it was when it wrote {@code checkpoint}. */
  public static PolicyLearner restore(LearnerContext context, Checkpoint checkpoint) {
    DecoderNetwork network = context.network();
    CheckpointState state = LearnerFiles.state(checkpoint);
    PolicyLearner restored;
    try (Parameters weights = LearnerFiles.weights(checkpoint, network)) {
      restored = new PolicyLearner(context, network, weights);
    }
    restored.sftSteps = state.sftSteps();
    restored.lastBatch = state.lastBatch();
    restored.skippedUpdates = state.skippedUpdates();
    restored.metrics = state.metrics();
    try (Parameters means = LearnerFiles.means(checkpoint, network);
        Parameters squares = LearnerFiles.squares(checkpoint, network)) {
      restored.trainer.restoreMoments(means, squares, state.optimizerSteps());
    }
    if (restored.holdsReference() && state.lastBatch() > 0) {
      try (Parameters weights = LearnerFiles.reference(checkpoint, network)) {
        restored.reference = restored.trainer.freeze(weights);
      }
    }
    return restored;
  }

  /** Updates that the weights contain, supervised steps included. */
  public long updates() {
    return sftSteps + lastBatch;
  }

  /** The supervised step that {@link #pretrain} does next, from 1; above the recipe's = done. */
  public long nextSupervisedStep() {
    return sftSteps + 1;
  }

  /** The batch that {@link #update} wants next, from 1. */
  public long nextBatch() {
    return lastBatch + 1;
  }

  /**
   * One supervised step.
   *
   * @throws NonFiniteBudgetExceeded when too many updates had to be skipped
   */
  public UpdateReport pretrain(List<TrainingSequence> examples) {
    if (sftSteps >= run.sft().steps()) {
      throw new IllegalStateException(
          "all [" + run.sft().steps() + "] supervised steps are done; ask for batches");
    }
    forgetSnapshot();
    double rate = supervisedRate.at(sftSteps + 1);
    OptimizerStep step = trainer.supervisedStep(examples, rate, run.sft().optimizer());
    sftSteps++;
    Map<String, Double> figures = new HashMap<>();
    figures.put(LearnerMetrics.LOSS, step.loss());
    figures.put(LearnerMetrics.GRADIENT_NORM, step.gradientNorm());
    figures.put(LearnerMetrics.LEARNING_RATE, rate);
    long trained = examples.stream().mapToLong(TrainingSequence::trainedTokens).sum();
    long tokens = examples.stream().mapToLong(TrainingSequence::length).sum();
    figures.put(LearnerMetrics.ANSWER_TOKENS_MEAN, (double) trained / examples.size());
    return finished(step.taken() ? 0 : 1, step, examples.size(), trained, tokens, figures);
  }

  /**
   * The update of batch {@link #nextBatch}.
   *
   * @throws NonFiniteBudgetExceeded when too many updates had to be skipped
   */
  public UpdateReport update(Batch batch) {
    if (batch.number() != lastBatch + 1 || sftSteps < run.sft().steps()) {
      throw new IllegalStateException(
          "expected "
              + (sftSteps < run.sft().steps()
                  ? "supervised step [" + (sftSteps + 1) + "]"
                  : "batch [" + (lastBatch + 1) + "]")
              + ", got batch ["
              + batch.number()
              + "]");
    }
    if (lastBatch == 0) {
      beginReinforcement();
    }
    forgetSnapshot();
    BatchRows data = new BatchRows(batch, updates());
    List<PolicyRow> rows = data.rows(estimator);
    boolean oldIsCurrent = learner.oldPolicy() == OldPolicy.RECOMPUTED && stepsAnUpdate == 1;
    if (learner.oldPolicy() == OldPolicy.RECOMPUTED && !oldIsCurrent) {
      trainer.scoreOld(rows);
    }
    if (reference != null) {
      trainer.scoreReference(rows, reference);
    }
    PolicyFigures figures = new PolicyFigures();
    double rate = 0;
    double norm = 0;
    int skipped = 0;
    long step = lastBatch * stepsAnUpdate;
    OptimizerStep last = new OptimizerStep(0, 0, false);
    for (int pass = 0; pass < learner.epochs(); pass++) {
      for (List<PolicyRow> part :
          Minibatches.of(rows, learner.minibatches(), run.seed(), updates() + 1, pass)) {
        rate = policyRate.at(++step);
        last = trainer.policyStep(part, oldIsCurrent, rate, figures);
        norm += last.gradientNorm() / stepsAnUpdate;
        skipped += last.taken() ? 0 : 1;
      }
    }
    lastBatch++;
    Map<String, Double> report = new HashMap<>();
    data.report(report);
    report.put(LearnerMetrics.LEARNING_RATE, rate);
    report.put(LearnerMetrics.GRADIENT_NORM, norm);
    report(figures, report);
    return finished(skipped, last, data.size(), data.trainedTokens(), data.tokens(), report);
  }

  /**
   * The current weights as an immutable snapshot, named by their content. The caller closes it; the
   * samplers may go on reading it while updates go on.
   */
  public PolicySnapshot snapshot() {
    if (current == null) {
      current = PolicySnapshot.of(incarnation, updates(), trainer.weights());
    }
    return current.retain();
  }

  /** Everything beside weights and moments. */
  public CheckpointState state() {
    try (PolicySnapshot snapshot = snapshot()) {
      return new CheckpointState(
          snapshot.version(),
          lastBatch,
          run.sft().steps(),
          sftSteps,
          trainer.steps(),
          skippedUpdates,
          Map.of(),
          metrics);
    }
  }

  /** Writes a checkpoint; when this returns it is durable. */
  public CheckpointRef save(CheckpointStore store) {
    try (PolicySnapshot snapshot = snapshot();
        Parameters means = trainer.means();
        Parameters squares = trainer.squares()) {
      return LearnerFiles.write(
          store, incarnation, state(), snapshot.parameters(), means, squares, referenceWeights());
    }
  }

  private List<Parameters> referenceWeights() {
    return reference == null ? List.of() : List.of(trainer.weights(reference));
  }

  private void beginReinforcement() {
    trainer.resetMoments();
    if (holdsReference()) {
      reference = trainer.freeze();
    }
  }

  private boolean holdsReference() {
    return learner.klCoefficient() > 0;
  }

  private void report(PolicyFigures figures, Map<String, Double> report) {
    report.put(LearnerMetrics.LOSS, figures.loss() / stepsAnUpdate);
    report.put(LearnerMetrics.ENTROPY, figures.entropy());
    report.put(LearnerMetrics.CLIPPED_SHARE, figures.clippedShare());
    report.put(LearnerMetrics.KL_OLD_K1, figures.oldK1());
    report.put(LearnerMetrics.KL_OLD_K3, figures.oldK3());
    report.put(LearnerMetrics.KL_BEHAVIOUR_K1, figures.behaviourK1());
    report.put(LearnerMetrics.KL_BEHAVIOUR_K3, figures.behaviourK3());
    report.put(LearnerMetrics.RHO_MEAN, figures.rhoMean());
    report.put(LearnerMetrics.RHO_MAX, figures.rhoMax());
    report.put(LearnerMetrics.EFFECTIVE_SAMPLE_SHARE, figures.effectiveSampleShare());
    if (reference != null) {
      report.put(LearnerMetrics.KL_REFERENCE_K3, figures.referenceK3());
    }
  }

  private UpdateReport finished(
      int skippedSteps,
      OptimizerStep last,
      int sequences,
      long trainedTokens,
      long tokens,
      Map<String, Double> figures) {
    if (skippedSteps > 0) {
      skippedUpdates++;
    }
    figures.put(LearnerMetrics.SKIPPED_UPDATES, (double) skippedUpdates);
    metrics = Map.copyOf(figures);
    if (skippedUpdates > learner.nonFiniteBudget()) {
      throw new NonFiniteBudgetExceeded(
          skippedUpdates,
          learner.nonFiniteBudget(),
          lastBatch == 0 ? "supervised step [" + sftSteps + "]" : "update [" + lastBatch + "]",
          last.loss(),
          last.gradientNorm());
    }
    return new UpdateReport(updates(), skippedSteps > 0, sequences, trainedTokens, tokens, figures);
  }

  private void refuseCutDistributions() {
    if (run.sampling().topK() > 0 || run.sampling().topP() < 1) {
      throw new IllegalArgumentException(
          "samples of a cut distribution can't be trained on: the learner doesn't apply the cut;"
              + " expected sampling.top-k = 0 and sampling.top-p = 1, got ["
              + run.sampling().topK()
              + "] and ["
              + run.sampling().topP()
              + "]");
    }
  }

  private void forgetSnapshot() {
    if (current != null) {
      current.close();
      current = null;
    }
  }

  @Override
  public void close() {
    forgetSnapshot();
    if (reference != null) {
      reference.close();
      reference = null;
    }
    trainer.close();
  }
}
