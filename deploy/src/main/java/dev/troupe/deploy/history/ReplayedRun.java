package dev.troupe.deploy.history;

import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.learner.LearnerEngine;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Does a learner's work again from a run's journal and compares what comes out with what the
 * journal has for every update. No checkpoint is read on the way.
 *
 * <pre>
 * Granted    which task a group is about
 * Recorded   a trajectory, kept until its batch is made
 * BatchCut   what a batch consists of
 * Updated    make that update, compare
 * Committed  make the supervised steps up to there
 * </pre>
 *
 * <p>An update's batch must be the one that was learned from, anywhere. Its weights must have the
 * same hash on the same kind of processor. On another they must be within {@link Tolerance}, and at
 * every kept checkpoint, once compared with it, the replay goes on from there. An update that was
 * made again after a crash is compared again, not made again.
 */
public final class ReplayedRun implements AutoCloseable {
  /** Of the replay's learners, so that what they save is told from what the run saved. */
  public static final int INCARNATION = 999_999;

  /** The first update that isn't the recorded one. */
  public record Divergence(long update, String why) {}

  /**
   * What a step came to here.
   *
   * @param hash of the weights that act
   * @param learned hash of those that checkpoints hold
   */
  private record Made(String hash, String learned, UpdateTrace trace) {
    static Made of(LearnerEngine engine) {
      return new Made(hashOf(engine.snapshot()), hashOf(engine.learned()), engine.trace());
    }

    private static String hashOf(Policy policy) {
      try (policy) {
        return policy.version().hash();
      }
    }
  }

  private final Learners learners;
  private final boolean bitEqual;
  private final int reuse;
  private final Map<Long, CheckpointRef> kept;
  private final Tolerance tolerance;
  private final LongConsumer progress;
  private final Map<Long, Group> groups = new HashMap<>();
  private final Map<TrajectoryId, JudgedTrajectory> recorded = new HashMap<>();
  private final Map<Long, List<TrajectoryId>> cut = new HashMap<>();
  private final Map<Long, Made> steps = new LinkedHashMap<>();
  private Optional<Divergence> divergence = Optional.empty();
  private long equal;
  private long near;
  private long unknown;
  private long blurred;
  private Optional<Engines> engines = Optional.empty();

  /** Opens learners: from a checkpoint, or at the beginning. */
  public interface Learners {
    /** One as the run's. */
    LearnerEngine open(Optional<CheckpointRef> from);

    /** One of the same steps that sums in another order. */
    LearnerEngine openOther(Optional<CheckpointRef> from);
  }

  /**
   * @param second by which {@link Tolerance} is measured
   */
  private record Engines(LearnerEngine first, Optional<LearnerEngine> second) {
    void close() {
      first.close();
      second.ifPresent(LearnerEngine::close);
    }
  }

  /**
   * @param bitEqual whether weights must have the recorded hash
   * @param reuse batches that a trajectory may be part of
   * @param kept committed checkpoints by their updates
   * @param tensors names of the weights, in order
   * @param progress hears the number of each update that was made again
   */
  public ReplayedRun(
      Learners learners,
      boolean bitEqual,
      int reuse,
      Map<Long, CheckpointRef> kept,
      List<String> tensors,
      LongConsumer progress) {
    this.learners = learners;
    this.bitEqual = bitEqual;
    this.reuse = reuse;
    this.kept = Map.copyOf(kept);
    this.tolerance = new Tolerance(tensors);
    this.progress = progress;
  }

  /**
   * Replays the journal up to its end, or to the first update that differs.
   *
   * @param from where to begin, if not at the journal's beginning
   */
  public void replay(RunDirectory directory, Optional<CheckpointRef> from) throws IOException {
    begin(from);
    if (from.isEmpty()) {
      LearnerEngine engine = engines().first();
      steps.put(standing().update(), Made.of(engine));
    }
    JournalReader.open(directory.journal(), directory.epochs()).forEach((event, _) -> take(event));
  }

  private void begin(Optional<CheckpointRef> from) {
    close();
    Engines begun =
        new Engines(
            learners.open(from),
            bitEqual ? Optional.empty() : Optional.of(learners.openOther(from)));
    engines = Optional.of(begun);
    tolerance.begin(begun.first().trace().sketch());
  }

  private Engines engines() {
    return engines.orElseThrow(() -> new IllegalStateException("the replay hasn't begun"));
  }

  private LearnerEngine.Standing standing() {
    return engines().first().standing();
  }

  private void take(LedgerEvent event) {
    if (divergence.isPresent()) {
      return;
    }
    switch (event) {
      case LedgerEvent.Granted(var lease, _) -> groups.put(lease.group().number(), lease.group());
      case LedgerEvent.Recorded(var judged) -> recorded.put(judged.trajectory().id(), judged);
      case LedgerEvent.Dropped dropped -> recorded.remove(dropped.id());
      case LedgerEvent.BatchCut(long number, var ids) -> cut.put(number, ids);
      case LedgerEvent.Updated updated -> onUpdated(updated);
      case LedgerEvent.Committed(var checkpoint, long lastBatch, _) when lastBatch == 0 ->
          pretrainTo(checkpoint.update());
      case LedgerEvent.Committed _,
          LedgerEvent.EpochBegan _,
          LedgerEvent.IncarnationBegan _,
          LedgerEvent.VerifierChosen _,
          LedgerEvent.RunEnded _,
          LedgerEvent.Summarised _ -> {}
    }
  }

  private void onUpdated(LedgerEvent.Updated updated) {
    long update = updated.version().update();
    if (!steps.containsKey(update)) {
      if (updated.batch() == 0) {
        pretrainTo(update);
      } else if (standing().lastBatch() == updated.batch() - 1) {
        Batch batch = assemble(updated.batch());
        engines().first().update(batch);
        engines().second().ifPresent(other -> other.update(batch));
        made();
      }
    }
    Made made = steps.get(update);
    if (made != null) {
      compare(updated, made);
    }
    // Else it lies before the checkpoint that the replay began with.
  }

  private void pretrainTo(long update) {
    while (standing().lastBatch() == 0 && standing().update() < update) {
      engines().first().pretrain();
      engines().second().ifPresent(LearnerEngine::pretrain);
      made();
    }
  }

  private void compare(LedgerEvent.Updated updated, Made made) {
    PolicyVersion version = updated.version();
    UpdateTrace trace = updated.trace();
    if (!trace.batchHash().isEmpty() && !trace.batchHash().equals(made.trace().batchHash())) {
      differs(
          version,
          "batch [%d] of the journal has hash %s, the one that was learned from had %s"
              .formatted(updated.batch(), made.trace().batchHash(), trace.batchHash()));
    } else if (version.hash().equals(made.hash())) {
      equal++;
    } else if (bitEqual) {
      differs(
          version,
          "the journal has weights %s, the replay made %s".formatted(version.hash(), made.hash()));
    } else if (trace.sketch().isEmpty()) {
      unknown++;
    } else {
      compareByTolerance(version, trace.sketch(), made.trace().sketch());
    }
  }

  private void compareByTolerance(PolicyVersion version, FloatArray was, FloatArray made) {
    Tolerance.Farthest farthest = tolerance.compare(version.update(), was, made);
    if (!farthest.isWithin()) {
      differs(version, farthest.text());
    } else if (farthest.telling()) {
      near++;
    } else {
      blurred++;
    }
  }

  private void differs(PolicyVersion version, String why) {
    divergence = Optional.of(new Divergence(version.update(), why));
  }

  private void made() {
    LearnerEngine engine = engines().first();
    long update = engine.standing().update();
    Made made = Made.of(engine);
    steps.put(update, made);
    Optional<LearnerEngine> second = engines().second();
    if (second.isPresent()) {
      tolerance.moved(update, made.trace().sketch(), second.get().trace().sketch());
      if (kept.containsKey(update)) {
        engine.save();
        begin(Optional.of(kept.get(update)));
      }
    }
    progress.accept(update);
  }

  private Batch assemble(long number) {
    List<TrajectoryId> ids = cut.getOrDefault(number, List.of());
    Map<Long, List<JudgedTrajectory>> members = new LinkedHashMap<>();
    for (TrajectoryId id : ids) {
      JudgedTrajectory judged = reuse == 1 ? recorded.remove(id) : recorded.get(id);
      if (judged == null) {
        throw new IllegalStateException(
            "batch [" + number + "] needs trajectory [" + id + "], which the journal doesn't hold");
      }
      members.computeIfAbsent(id.group(), _ -> new ArrayList<>()).add(judged);
    }
    List<BatchGroup> batch = new ArrayList<>();
    members.forEach(
        (group, judged) -> {
          Group about = groups.get(group);
          if (about == null) {
            throw new IllegalStateException("group [" + group + "] was never granted");
          }
          batch.add(new BatchGroup(about, judged));
        });
    return new Batch(number, batch);
  }

  /** The first update that differs. */
  public Optional<Divergence> divergence() {
    return divergence;
  }

  /** Steps with the recorded hash: those made again after a crash count each time. */
  public long equal() {
    return equal;
  }

  /** Steps with another hash that are within the tolerance. */
  public long near() {
    return near;
  }

  /** Steps with another hash of which the journal has nothing else. */
  public long unknown() {
    return unknown;
  }

  /** Hash of the weights that {@code update} learned; empty where the replay didn't come. */
  Optional<String> learned(long update) {
    return Optional.ofNullable(steps.get(update)).map(Made::learned);
  }

  Tolerance tolerance() {
    return tolerance;
  }

  /** Steps that rounding alone moves so far that their weights say little. */
  public long blurred() {
    return blurred;
  }

  @Override
  public void close() {
    engines.ifPresent(Engines::close);
    engines = Optional.empty();
  }
}
