package dev.troupe.actors.learner;

import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.policy.SnapshotPolicy;
import dev.troupe.learner.NonFiniteBudgetExceeded;
import dev.troupe.learner.PolicyLearner;
import dev.troupe.learner.UpdateReport;
import dev.troupe.learner.batching.TrainingSequence;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.learner.checkpoint.CheckpointWriteException;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.network.WeightSketch;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.model.torch.ProgramRunException;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.codec.BatchCodec;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.task.Corpus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The real learner: a {@link PolicyLearner}, its corpus and its checkpoints. */
final class TorchLearner implements LearnerEngine {
  private static final String PROCESSOR_SECONDS = "processorSeconds";

  private final RunSpecification run;
  private final PolicyLearner learner;
  private final CheckpointStore store;
  private final Corpus corpus;
  private final Tokenizer tokenizer;
  private final LongSupplier processorNanos;
  private String batchHash = "";

  /**
   * @param processorNanos processor time that the learner's threads have used
   */
  TorchLearner(
      RunSpecification run,
      PolicyLearner learner,
      CheckpointStore store,
      Corpus corpus,
      Tokenizer tokenizer,
      LongSupplier processorNanos) {
    this.run = run;
    this.learner = learner;
    this.store = store;
    this.corpus = corpus;
    this.tokenizer = tokenizer;
    this.processorNanos = processorNanos;
  }

  @Override
  public Standing standing() {
    return new Standing(
        learner.updates(), learner.nextBatch() - 1, learner.nextSupervisedStep() - 1);
  }

  @Override
  public Step pretrain() {
    int size = run.sft().batch();
    long first = (learner.nextSupervisedStep() - 1) * size;
    List<TrainingSequence> examples = new ArrayList<>(size);
    for (long number = first; number < first + size; number++) {
      Corpus.Example example = corpus.example(number);
      examples.add(TrainingSequence.supervised(tokenizer, example.prompt(), example.completion()));
    }
    batchHash = "";
    return step(() -> learner.pretrain(examples));
  }

  @Override
  public Step update(Batch batch) {
    batchHash = BatchCodec.hash(batch);
    return step(() -> learner.update(batch));
  }

  @Override
  public UpdateTrace trace() {
    try (PolicySnapshot now = learner.snapshot()) {
      return new UpdateTrace(batchHash, WeightSketch.of(now.parameters()));
    }
  }

  private Step step(Supplier<UpdateReport> work) {
    long began = processorNanos.getAsLong();
    try {
      UpdateReport report = work.get();
      Map<String, Double> metrics = new HashMap<>(report.metrics());
      metrics.put(PROCESSOR_SECONDS, (processorNanos.getAsLong() - began) / 1e9);
      return new Step(report.skipped(), report.tokens(), metrics);
    } catch (NonFiniteBudgetExceeded e) {
      throw new HopelessException(String.valueOf(e.getMessage()), e);
    } catch (ProgramRunException e) {
      if (e.isLasting()) {
        throw new HopelessException(
            ProgramTrouble.words(run.learner().loss(), learner.nextBatch() - 1, e), e);
      }
      throw e;
    }
  }

  @Override
  public Policy snapshot() {
    return new SnapshotPolicy(learner.snapshot());
  }

  @Override
  public CheckpointRef save() {
    try {
      return learner.save(store);
    } catch (CheckpointWriteException e) {
      throw new HopelessException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void prune(CheckpointRef committed, Set<Long> also) {
    store.prune(run.checkpoints().keep(), committed, also);
  }

  @Override
  public void close() {
    learner.close();
  }
}
