package dev.troupe.actors.simulation;

import static dev.troupe.actors.simulation.Promises.require;

import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.ledger.Samples;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A second account of a writer's events, plain and by trajectory, that knows nothing of groups,
 * gates or summaries. It checks every event as it is decided, and its counts against the ledger's.
 */
final class Account {
  private static final class Entry {
    private int attempt;
    private boolean recorded;
    private boolean dropped;
    private long behaviour;
    private int uses;
    private long lastUse;
  }

  private final ReplaySpecification replay;
  private final boolean oneVerifierABatch;
  private final Map<Long, VerifierRef> byGroup = new HashMap<>();
  private final Set<VerifierRef> chosen = new HashSet<>();
  private VerifierRef verifier = Samples.VERIFIER;
  private final long firstUpdate;
  private final Disk disk;
  private final Map<TrajectoryId, Entry> entries = new HashMap<>();
  private final TreeMap<Long, List<TrajectoryId>> batches = new TreeMap<>();
  private long leased;
  private long waiting;
  private long used;
  private long dropped;
  private long committed;
  private int incarnation;

  Account(ReplaySpecification replay, boolean oneVerifierABatch, long firstUpdate, Disk disk) {
    this.replay = replay;
    this.oneVerifierABatch = oneVerifierABatch;
    this.firstUpdate = firstUpdate;
    this.disk = disk;
  }

  void take(LedgerEvent event) {
    switch (event) {
      case LedgerEvent.Granted granted -> {
        judgedBy(granted.lease().group());
        for (int member : granted.lease().members().toArray()) {
          grant(
              new TrajectoryId(granted.lease().group().number(), member),
              granted.lease().attempt());
        }
      }
      case LedgerEvent.Recorded(var judged) -> {
        VerifierRef its = byGroup.getOrDefault(judged.trajectory().id().group(), Samples.VERIFIER);
        require(
            judged.verifier().equals(its),
            "trajectory [%s] was judged by [%s], its group by [%s]",
            judged.trajectory().id(),
            judged.verifier(),
            its);
        record(judged.trajectory());
      }
      case LedgerEvent.VerifierChosen choice -> {
        verifier = choice.verifier().ref();
        chosen.add(verifier);
      }
      case LedgerEvent.Dropped drop -> drop(drop.id());
      case LedgerEvent.BatchCut cut -> cut(cut.number(), cut.ids());
      case LedgerEvent.IncarnationBegan began -> {
        incarnation = began.incarnation();
        committed = Math.min(committed, began.lastBatch());
      }
      case LedgerEvent.Committed commit -> commit(commit);
      case LedgerEvent.Updated _,
          LedgerEvent.EpochBegan _,
          LedgerEvent.RunEnded _,
          LedgerEvent.Summarised _ -> {}
    }
  }

  /** The first grant of a group has the verifier in force, later ones the same. */
  private void judgedBy(Group group) {
    VerifierRef its = byGroup.computeIfAbsent(group.number(), _ -> verifier);
    require(
        its.equals(group.verifier()),
        "group [%d] is to be judged by [%s], and was granted for [%s]",
        group.number(),
        its,
        group.verifier());
  }

  /** Whether this verifier was ever in force; the recipe's was. */
  boolean wasChosen(VerifierRef asked) {
    return chosen.contains(asked) || asked.equals(Samples.VERIFIER);
  }

  /** In force. */
  VerifierRef verifier() {
    return verifier;
  }

  private void grant(TrajectoryId id, int attempt) {
    Entry entry = entries.computeIfAbsent(id, _ -> new Entry());
    require(
        attempt == entry.attempt + 1 && !entry.recorded && !entry.dropped,
        "trajectory [%s] was granted for attempt [%d] after attempt [%d]",
        id,
        attempt,
        entry.attempt);
    leased += attempt == 1 ? 1 : 0;
    entry.attempt = attempt;
  }

  private void record(Trajectory trajectory) {
    Entry entry = granted(trajectory.id());
    require(
        !entry.recorded && !entry.dropped && entry.attempt == trajectory.attempt(),
        "attempt [%d] of trajectory [%s] was recorded, but recorded is %s, dropped %s, out [%d]",
        trajectory.attempt(),
        trajectory.id(),
        entry.recorded,
        entry.dropped,
        entry.attempt);
    entry.recorded = true;
    entry.behaviour = trajectory.behaviour().update();
    leased--;
    waiting++;
  }

  private void drop(TrajectoryId id) {
    Entry entry = granted(id);
    require(!entry.dropped && entry.uses == 0, "trajectory [%s] was dropped too late", id);
    entry.dropped = true;
    leased -= entry.recorded ? 0 : 1;
    waiting -= entry.recorded ? 1 : 0;
    dropped++;
  }

  private void cut(long number, List<TrajectoryId> ids) {
    require(
        number == batches.size() + 1,
        "batch [%d] was cut after batch [%d]",
        number,
        batches.size());
    batches.put(number, ids);
    Set<VerifierRef> judges = new HashSet<>();
    ids.forEach(id -> judges.add(byGroup.get(id.group())));
    require(
        judges.size() == 1 || !oneVerifierABatch, "batch [%d] mixes verifiers: %s", number, judges);
    for (TrajectoryId id : ids) {
      Entry entry = granted(id);
      long lag = firstUpdate + number - 1 - entry.behaviour;
      require(
          entry.recorded && !entry.dropped,
          "batch [%d] names trajectory [%s], which isn't recorded",
          number,
          id);
      require(
          entry.uses < replay.reuse() && (entry.uses == 0 || entry.lastUse < number),
          "batch [%d] names trajectory [%s], which was used [%d] times",
          number,
          id,
          entry.uses);
      require(
          lag >= 0 && lag <= replay.policyLagMax(),
          "trajectory [%s] has lag [%d] in batch [%d], allowed are [0..%d]",
          id,
          lag,
          number,
          replay.policyLagMax());
      if (entry.uses++ == 0) {
        waiting--;
        used++;
      }
      entry.lastUse = number;
    }
  }

  /** A commit counts what its checkpoint holds: every batch up to the last one, once. */
  private void commit(LedgerEvent.Committed commit) {
    Optional<Weights> weights = disk.checkpoint(commit.checkpoint());
    require(weights.isPresent(), "%s was committed and is not on disk", commit.checkpoint());
    require(
        commit.checkpoint().epoch() == incarnation,
        "%s was committed in incarnation [%d]",
        commit.checkpoint(),
        incarnation);
    List<Long> trained = weights.map(Weights::batches).orElse(List.of());
    for (int i = 0; i < Math.max(trained.size(), commit.lastBatch()); i++) {
      require(
          i < trained.size() && trained.get(i) == i + 1,
          "%s counts for the batches up to [%d], but was trained on %s",
          commit.checkpoint(),
          commit.lastBatch(),
          trained);
    }
    committed = commit.lastBatch();
  }

  /** Compares with the ledger. */
  void compare(LedgerCounts counts, long ledgerCommitted) {
    boolean same =
        counts.granted() == entries.size()
            && counts.leased() == leased
            && counts.recorded() == waiting
            && counts.batched() + counts.consumed() == used
            && counts.droppedTotal() == dropped
            && ledgerCommitted == committed;
    if (!same || !counts.lawHolds()) {
      throw new AssertionError(
          "plain counting says granted [%d], leased [%d], recorded [%d], used [%d], dropped [%d], committed [%d]; the ledger %s, committed [%d]"
              .formatted(
                  entries.size(),
                  leased,
                  waiting,
                  used,
                  dropped,
                  committed,
                  counts.law(),
                  ledgerCommitted));
    }
  }

  /** Compares what is consumed, which takes longer. */
  void compareConsumed(LedgerCounts counts) {
    long consumed =
        entries.values().stream()
            .filter(entry -> entry.uses > 0 && entry.lastUse <= committed)
            .count();
    require(
        counts.consumed() == consumed,
        "plain counting says consumed [%d]; the ledger %s",
        consumed,
        counts);
  }

  /** Latest attempt that was granted; 0 = never. */
  int attempt(TrajectoryId id) {
    Entry entry = entries.get(id);
    return entry == null ? 0 : entry.attempt;
  }

  boolean isRecorded(TrajectoryId id) {
    Entry entry = entries.get(id);
    return entry != null && entry.recorded;
  }

  boolean isSettled(TrajectoryId id) {
    Entry entry = entries.get(id);
    return entry != null && (entry.recorded || entry.dropped);
  }

  /** What is out. */
  List<TrajectoryId> leased() {
    return entries.entrySet().stream()
        .filter(it -> !it.getValue().recorded && !it.getValue().dropped)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  Optional<List<TrajectoryId>> batch(long number) {
    return Optional.ofNullable(batches.get(number));
  }

  long committed() {
    return committed;
  }

  long cut() {
    return batches.size();
  }

  private Entry granted(TrajectoryId id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      throw new AssertionError("trajectory [" + id + "] was never granted");
    }
    return entry;
  }
}
