package dev.troupe.actors.control;

import dev.troupe.actors.learner.HopelessException;
import dev.troupe.actors.learner.LearnerEngine;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.policy.SnapshotPolicy;
import dev.troupe.learner.NonFiniteBudgetExceeded;
import dev.troupe.learner.UpdateReport;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.learner.checkpoint.CheckpointWriteException;
import dev.troupe.learner.control.ControlLearner;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.network.WeightSketch;
import dev.troupe.model.torch.ProgramRunException;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.codec.BatchCodec;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** The learner of a run in environments, and what it learned from: the last episodes. */
final class ControlEngine implements LearnerEngine {
  private static final String PROCESSOR_SECONDS = "processorSeconds";

  private final ControlLearner learner;
  private final CheckpointStore store;
  private final int keep;
  private final LongSupplier processorNanos;
  private final RecentEpisodes recent = new RecentEpisodes();
  private String batchHash = "";

  /**
   * @param keep checkpoints
   * @param processorNanos processor time that the learner's threads have used
   */
  ControlEngine(
      ControlLearner learner, CheckpointStore store, int keep, LongSupplier processorNanos) {
    this.learner = learner;
    this.store = store;
    this.keep = keep;
    this.processorNanos = processorNanos;
  }

  @Override
  public Standing standing() {
    return new Standing(learner.updates(), learner.nextBatch() - 1, 0);
  }

  @Override
  public Step pretrain() {
    throw new IllegalStateException("a run in environments has no supervised steps");
  }

  @Override
  public Step update(Batch batch) {
    batchHash = BatchCodec.hash(batch);
    long began = processorNanos.getAsLong();
    try {
      UpdateReport report = learner.update(batch);
      Map<String, Double> metrics = new HashMap<>(report.metrics());
      metrics.put(PROCESSOR_SECONDS, (processorNanos.getAsLong() - began) / 1e9);
      long steps = note(batch, metrics);
      return new Step(report.skipped(), steps, metrics);
    } catch (NonFiniteBudgetExceeded e) {
      throw new HopelessException(String.valueOf(e.getMessage()), e);
    } catch (ProgramRunException e) {
      if (e.isLasting()) {
        throw new HopelessException(String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  /** Steps in the batch; its episodes join the last ones. */
  private long note(Batch batch, Map<String, Double> metrics) {
    long steps = 0;
    for (BatchGroup group : batch.groups()) {
      for (JudgedTrajectory judged : group.trajectories()) {
        if (judged.trajectory().body() instanceof EnvironmentFragment fragment) {
          steps += fragment.rewards().elements();
          double[] returns = fragment.episodeReturns().toDoubles();
          long[] lengths = fragment.episodeLengths().toLongs();
          for (int i = 0; i < returns.length; i++) {
            recent.add(returns[i], (int) lengths[i]);
          }
        }
      }
    }
    if (!recent.isEmpty()) {
      metrics.put(EpisodeMetrics.RETURN, recent.meanReturn());
      metrics.put(EpisodeMetrics.LENGTH, recent.meanLength());
    }
    if (recent.isFull()) {
      metrics.put(EpisodeMetrics.SETTLED_RETURN, recent.meanReturn());
    }
    return steps;
  }

  @Override
  public UpdateTrace trace() {
    try (PolicySnapshot now = learner.snapshot()) {
      return new UpdateTrace(batchHash, WeightSketch.of(now.parameters()));
    }
  }

  @Override
  public Policy snapshot() {
    return new SnapshotPolicy(learner.snapshot());
  }

  @Override
  public Policy learned() {
    return new SnapshotPolicy(learner.learned());
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
    store.prune(keep, committed, also);
  }

  @Override
  public void close() {
    learner.close();
  }
}
