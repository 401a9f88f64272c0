package dev.troupe.learner.control;

import dev.troupe.learner.LearnerMetrics;
import dev.troupe.learner.NonFiniteBudgetExceeded;
import dev.troupe.learner.UpdateReport;
import dev.troupe.learner.checkpoint.Checkpoint;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.learner.checkpoint.CheckpointStore.FileBody;
import dev.troupe.learner.optimizer.LearningRate;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.checkpoint.CheckpointState;
import dev.troupe.protocol.codec.CheckpointCodec;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.ControlSpecification;
import dev.troupe.protocol.run.ControlSpecification.Adjustment;
import dev.troupe.protocol.run.ControlSpecification.AdjustmentMethod;
import dev.troupe.protocol.run.ControlSpecification.Algorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The learner of a run on environments: an update for each batch of fragments.
 *
 * <p>A batch is what was collected since the last one. It is taken into the running statistics and
 * the buffer; after as many as the recipe says for one update, θ learns from all of the buffer; and
 * where the behaviour policy φ is adjusted, that is done anew after every batch, beginning from θ.
 * Every batch makes the next version.
 *
 * <p>Its whole state is {@link ControlState} and the counters of {@link #state}; everything else
 * follows from them, the recipe and the seed, so that a learner restored from a checkpoint goes on
 * bit for bit as if nothing had happened. One thread at a time owns a learner.
 */
public final class ControlLearner implements AutoCloseable {
  private static final String WEIGHTS = "weights.safetensors";
  private static final String LEARNER = "learner.safetensors";
  private static final String STATE = "state.pb";
  private static final String COLLECTIONS = "collections";
  private static final String ADJUSTMENTS = "adjustments";

  private final ControlSpecification control;
  private final Adjustment adjustment;
  private final int incarnation;
  private final ControlTrainer trainer;
  private final ControlState state;
  private final LearningRate rate;
  private final int capacity;
  private long lastBatch;
  private long collections;
  private long adjustments;
  private long skippedUpdates;
  private Map<String, Double> metrics = Map.of();
  private @Nullable PolicySnapshot current;
  private @Nullable PolicySnapshot currentLearned;

  /**
   * What a learner is made with.
   *
   * @param incarnation number of this learner, from 1; its versions carry it
   * @param totalUpdates batches of the whole run, which decaying learning rates need; 0 = unknown
   */
  public record Context(
      ControlSpecification control,
      ControlNetwork network,
      long seed,
      int incarnation,
      long totalUpdates) {}

  private ControlLearner(Context context, ControlTrainer trainer, ControlState state) {
    this.control = context.control();
    this.adjustment = control.adjustment();
    this.incarnation = context.incarnation();
    this.trainer = trainer;
    this.state = state;
    this.capacity = adjustment.buffer() * adjustment.collections();
    this.rate =
        new LearningRate(control.optimizer(), context.totalUpdates() / adjustment.collections());
  }

  /** A learner at update 0: weights from the seed. */
  public static ControlLearner fresh(Context context) {
    ControlTrainer trainer = trainer(context);
    ControlState state =
        ControlState.fresh(trainer.initial(), context.network().shape().observation());
    if (context.control().algorithm() == Algorithm.IMPACT) {
      state.renewTarget();
    }
    return new ControlLearner(context, trainer, state);
  }

  /** A learner as it was when it wrote {@code checkpoint}. */
  public static ControlLearner restore(Context context, Checkpoint checkpoint) {
    try {
      CheckpointState counters =
          CheckpointCodec.STATE.decode(Files.readAllBytes(checkpoint.file(STATE)));
      ControlLearner restored =
          new ControlLearner(
              context, trainer(context), ControlState.read(checkpoint.file(LEARNER)));
      restored.lastBatch = counters.lastBatch();
      restored.skippedUpdates = counters.skippedUpdates();
      restored.collections = counters.random().getOrDefault(COLLECTIONS, 0L);
      restored.adjustments = counters.random().getOrDefault(ADJUSTMENTS, 0L);
      restored.metrics = counters.metrics();
      return restored;
    } catch (IOException e) {
      throw new UncheckedIOException("reading [" + checkpoint.directory() + "]", e);
    }
  }

  private static ControlTrainer trainer(Context context) {
    return new ControlTrainer(context.control(), context.network(), context.seed());
  }

  /** Updates that the weights contain: one for each batch. */
  public long updates() {
    return lastBatch;
  }

  /** The batch that {@link #update} wants next, from 1. */
  public long nextBatch() {
    return lastBatch + 1;
  }

  /**
   * Takes in batch {@link #nextBatch}.
   *
   * @throws NonFiniteBudgetExceeded when too many updates had to be skipped
   */
  public UpdateReport update(Batch batch) {
    if (batch.number() != nextBatch()) {
      throw new IllegalStateException(
          "expected batch [" + nextBatch() + "], got batch [" + batch.number() + "]");
    }
    List<Experience> fragments = trainer.experiences().of(batch);
    long steps = fragments.stream().mapToLong(each -> (long) each.steps() * each.lanes()).sum();
    Map<String, Double> report = new HashMap<>();
    BatchReport.put(batch, updates(), report);
    forgetSnapshots();
    trainer.observe(state, fragments);
    state.collect(fragments, capacity);
    lastBatch++;
    collections++;
    int skipped = 0;
    if (collections % adjustment.collections() == 0) {
      skipped = learn(report);
    }
    if (adjustment.method() == AdjustmentMethod.NONE) {
      if (capacity == 1) {
        state.forgetBuffer();
      }
    } else {
      state.adjusted(trainer.adjusted(state, capacity, collections, report));
      adjustments++;
    }
    return finished(skipped, fragments.size(), steps, report);
  }

  private int learn(Map<String, Double> report) {
    long update = collections / adjustment.collections();
    if ((capacity > 1 || adjustment.method() != AdjustmentMethod.NONE)
        && update % trainer.samplingErrorEvery(state) == 0) {
      report.put(LearnerMetrics.SAMPLING_ERROR, trainer.samplingError(state));
    }
    int skipped = trainer.update(state, update, rate.at(update), report);
    adjustments = 0;
    if (control.algorithm() == Algorithm.IMPACT
        && update % control.correction().targetUpdates() == 0) {
      state.renewTarget();
    }
    return skipped;
  }

  private UpdateReport finished(
      int skippedSteps, int fragments, long steps, Map<String, Double> report) {
    if (skippedSteps > 0) {
      skippedUpdates++;
    }
    report.put(LearnerMetrics.SKIPPED_UPDATES, (double) skippedUpdates);
    metrics = Map.copyOf(report);
    if (skippedUpdates > control.nonFiniteBudget()) {
      throw new NonFiniteBudgetExceeded(
          skippedUpdates,
          control.nonFiniteBudget(),
          "update [" + lastBatch + "]",
          report.getOrDefault(LearnerMetrics.LOSS, Double.NaN),
          report.getOrDefault(LearnerMetrics.GRADIENT_NORM, Double.NaN));
    }
    return new UpdateReport(updates(), skippedSteps > 0, fragments, steps, steps, report);
  }

  /**
   * The policy to act with: φ where it is adjusted, else θ. An immutable snapshot named by its
   * content; the caller closes it.
   */
  public PolicySnapshot snapshot() {
    if (current == null) {
      current = snapshot(state.behaviour(), adjustments);
    }
    return current.retain();
  }

  /** The policy that is being learned, θ: what is evaluated and shipped. The caller closes it. */
  public PolicySnapshot learned() {
    if (adjustment.method() == AdjustmentMethod.NONE) {
      return snapshot();
    }
    if (currentLearned == null) {
      currentLearned = snapshot(state.flat(), 0);
    }
    return currentLearned.retain();
  }

  private PolicySnapshot snapshot(Tensor flat, long number) {
    Parameters parameters = trainer.parameters(state, flat);
    return new PolicySnapshot(
        new PolicyVersion(incarnation, updates(), Math.toIntExact(number), parameters.hash()),
        parameters);
  }

  /** Everything beside tensors. */
  public CheckpointState state() {
    try (PolicySnapshot snapshot = snapshot()) {
      return new CheckpointState(
          snapshot.version(),
          lastBatch,
          0,
          0,
          (long) state.count().toFloats()[0],
          skippedUpdates,
          Map.of(COLLECTIONS, collections, ADJUSTMENTS, adjustments),
          metrics);
    }
  }

  /**
   * Writes a checkpoint; when this returns it is durable. {@code weights.safetensors} is θ by the
   * network's names.
   */
  public CheckpointRef save(CheckpointStore store) {
    CheckpointState counters = state();
    try (PolicySnapshot learned = learned()) {
      Map<String, FileBody> files = new LinkedHashMap<>();
      files.put(
          WEIGHTS,
          file -> ParameterFiles.write(file, learned.parameters(), Map.of("format", "pt"), false));
      files.put(LEARNER, state::write);
      files.put(STATE, file -> Files.write(file, CheckpointCodec.STATE.encode(counters)));
      return store.write(updates(), incarnation, files);
    }
  }

  private void forgetSnapshots() {
    if (current != null) {
      current.close();
      current = null;
    }
    if (currentLearned != null) {
      currentLearned.close();
      currentLearned = null;
    }
  }

  @Override
  public void close() {
    forgetSnapshots();
    state.close();
    trainer.close();
  }
}
