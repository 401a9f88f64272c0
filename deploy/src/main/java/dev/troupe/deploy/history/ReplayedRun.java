package dev.troupe.deploy.history;

import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.learner.LearnerEngine;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Does a learner's work again from a run's journal and compares the weights of every update with
 * the hash that the journal has for them. No checkpoint is read on the way.
 *
 * <pre>
 * Granted   which task a group is about
 * Recorded  a trajectory, kept until its batch is made
 * BatchCut  what a batch consists of
 * Updated   make that update, compare
 * </pre>
 *
 * <p>An update that was made again after a crash is compared again, not made again.
 */
public final class ReplayedRun {
  /** An update whose weights are not the recorded ones. */
  public record Divergence(long update, String recorded, String replayed) {}

  private final LearnerEngine engine;
  private final int reuse;
  private final boolean byHash;
  private final Set<Long> kept;
  private final LongConsumer progress;
  private final Map<Long, Group> groups = new HashMap<>();
  private final Map<TrajectoryId, JudgedTrajectory> recorded = new HashMap<>();
  private final Map<Long, List<TrajectoryId>> cut = new HashMap<>();
  private final Map<Long, String> hashes = new LinkedHashMap<>();
  private Optional<Divergence> divergence = Optional.empty();
  private long compared;

  /**
   * @param engine at the beginning of the journal; stays the caller's
   * @param reuse batches that a trajectory may be part of
   * @param byHash whether weights must be bit-equal
   * @param kept updates to save where they need not be bit-equal, so that differences can be
   *     measured
   * @param progress hears the number of each update that was made again
   */
  public ReplayedRun(
      LearnerEngine engine, int reuse, boolean byHash, Set<Long> kept, LongConsumer progress) {
    this.engine = engine;
    this.reuse = reuse;
    this.byHash = byHash;
    this.kept = Set.copyOf(kept);
    this.progress = progress;
  }

  /** Replays the journal up to its end, or to the first update that differs. */
  public void replay(RunDirectory directory) throws IOException {
    JournalReader.open(directory.journal(), directory.epochs()).forEach((event, _) -> take(event));
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
      case LedgerEvent.Updated(var version, long batch, _) -> onUpdated(version, batch);
      case LedgerEvent.EpochBegan _,
          LedgerEvent.IncarnationBegan _,
          LedgerEvent.Committed _,
          LedgerEvent.RunEnded _,
          LedgerEvent.Summarised _ -> {}
    }
  }

  private void onUpdated(PolicyVersion version, long batch) {
    if (!hashes.containsKey(version.update())) {
      if (batch == 0) {
        while (engine.standing().update() < version.update()) {
          engine.pretrain();
          made();
        }
      } else if (engine.standing().lastBatch() == batch - 1) {
        engine.update(assemble(batch));
        made();
      }
      if (engine.standing().update() != version.update()) {
        // Before the checkpoint that the replay began with.
        return;
      }
    }
    compared++;
    String made = hashes.getOrDefault(version.update(), "");
    if (byHash && !made.equals(version.hash())) {
      divergence = Optional.of(new Divergence(version.update(), version.hash(), made));
    }
  }

  private void made() {
    long update = engine.standing().update();
    hashes.put(update, hash());
    if (kept.contains(update) && !byHash) {
      engine.save();
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

  private String hash() {
    Policy policy = engine.snapshot();
    try {
      return policy.version().hash();
    } finally {
      policy.close();
    }
  }

  /** The first update that differs. */
  public Optional<Divergence> divergence() {
    return divergence;
  }

  /** Comparisons made: updates made again after a crash count each time. */
  public long compared() {
    return compared;
  }

  /** Hashes of the weights that came out, by update. */
  public Map<Long, String> hashes() {
    return Map.copyOf(hashes);
  }
}
