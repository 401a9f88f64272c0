package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.DropCount;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.BatchCut;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.ledger.LedgerEvent.Dropped;
import dev.troupe.protocol.ledger.LedgerEvent.EpochBegan;
import dev.troupe.protocol.ledger.LedgerEvent.Granted;
import dev.troupe.protocol.ledger.LedgerEvent.IncarnationBegan;
import dev.troupe.protocol.ledger.LedgerEvent.Recorded;
import dev.troupe.protocol.ledger.LedgerEvent.RunEnded;
import dev.troupe.protocol.ledger.LedgerEvent.Summarised;
import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import dev.troupe.protocol.ledger.LedgerEvent.VerifierChosen;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The account of every trajectory of a run: a pure fold of {@link LedgerEvent}s.
 *
 * <pre>
 *   Leased → Recorded → Batched → Consumed
 *      └────────┴──────────┴────→ Dropped(reason)
 * </pre>
 *
 * The law, at any moment: granted = leased + recorded + batched + consumed + dropped.
 *
 * <p>Parts: {@link TrajectoryFold} for single trajectories, {@link BatchFold} for batches and
 * checkpoints, {@link SummaryFold} for what stands for deleted segments; all of them change {@link
 * LedgerAccounts}, and only here it is read from outside.
 *
 * <p>Consuming is derived: a trajectory is consumed when a {@link Committed} covers every batch
 * that used it. If it is used once more ({@code reuse} above 1), it is batched again until the next
 * commit. If a learner has to go back to an older checkpoint, what came after it is batched again:
 * the same batches are trained on again and count once.
 *
 * <p>Memory: a group is <i>closed</i> when nothing can happen to it any more: every member is
 * dropped, or consumed by batches that no kept checkpoint will ask for again. Of a closed group
 * nothing is left but its place in the counts and in a set of ranges, so that the ledger of a long
 * run stays as small as that of a short one.
 *
 * <p>An event that doesn't fit throws {@link LedgerException}: it was decided wrongly, or the
 * journal was altered.
 */
public final class Ledger {
  private final LedgerAccounts its;
  private final TrajectoryFold trajectories;
  private final BatchFold cuts;
  private final SummaryFold summaries;

  public Ledger(LedgerRules rules) {
    this.its = new LedgerAccounts(rules);
    this.trajectories = new TrajectoryFold(its);
    this.cuts = new BatchFold(its);
    this.summaries = new SummaryFold(its);
  }

  /**
   * Begins from a summary instead of from nothing: what follows are the events of the kept
   * segments, the summary itself among them.
   */
  public void startFrom(Summarised summary) {
    summaries.startFrom(summary);
  }

  /**
   * Whether an event of a kept segment is accounted for by the summary that this ledger began with.
   */
  boolean isSummarised(LedgerEvent event) {
    return summaries.isSummarised(event);
  }

  /** Folds one event. */
  public void apply(LedgerEvent event) {
    if (isSummarised(event)) {
      return;
    }
    switch (event) {
      case EpochBegan began -> onEpochBegan(began);
      case Granted grant -> trajectories.onGranted(grant);
      case Recorded recorded -> trajectories.onRecorded(recorded);
      case Dropped dropped -> trajectories.onDropped(dropped);
      case BatchCut cut -> cuts.onBatchCut(cut);
      case Updated updated -> cuts.onUpdated(updated);
      case IncarnationBegan began -> cuts.onIncarnationBegan(began);
      case Committed committed -> cuts.onCommitted(committed);
      case Summarised summary -> summaries.onSummarised(summary);
      case VerifierChosen chosen -> {
        its.verifiers.add(chosen, its.open.values());
        its.failures.forgive();
      }
      case RunEnded _ -> {}
    }
  }

  private void onEpochBegan(EpochBegan began) {
    if (began.epoch() <= its.epoch) {
      throw new LedgerException(
          "epoch [%d] began after epoch [%d]".formatted(began.epoch(), its.epoch));
    }
    its.epoch = began.epoch();
  }

  /** Accounts for the closed groups, so that the segments before the named one can go. */
  Summarised summarise(int firstEpoch, int firstSequence) {
    return summaries.summarise(firstEpoch, firstSequence);
  }

  static boolean isRewardFailure(DropReason reason) {
    return switch (reason) {
      case REWARD_INVALID, REWARD_TIMED_OUT, REWARD_CRASHED -> true;
      case STALE, FILTERED, EVICTED, ORPHANED, RUN_ENDED, SWAPPED, LEASE_EXPIRED, NODE_LOST ->
          false;
    };
  }

  /** The counts, with the conservation law's terms. */
  public LedgerCounts counts() {
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      if (its.drops.of(reason) > 0) {
        dropped.put(reason, its.drops.of(reason));
      }
    }
    return new LedgerCounts(
        its.granted,
        its.count(TrajectoryState.LEASED),
        its.count(TrajectoryState.RECORDED),
        its.count(TrajectoryState.BATCHED),
        its.count(TrajectoryState.CONSUMED),
        dropped,
        its.updates);
  }

  /** Throws, naming the numbers, if the conservation law is broken. */
  public void check() {
    counts().check();
  }

  /** State of a trajectory; empty if it was never granted or its group is closed. */
  public Optional<TrajectoryState> state(TrajectoryId id) {
    GroupAccount account = its.open.get(id.group());
    return account == null || id.member() < 0 || id.member() >= account.group().size()
        ? Optional.empty()
        : Optional.ofNullable(account.state(id.member()));
  }

  /** Latest attempt that was granted of a trajectory of an open group; 0 = none. */
  int attempt(TrajectoryId id) {
    GroupAccount account = its.open.get(id.group());
    return account == null || id.member() >= account.group().size()
        ? 0
        : account.attempt(id.member());
  }

  /** Whether nothing can happen to this group any more. */
  public boolean isClosed(long group) {
    return its.closed.contains(group);
  }

  /** Batches that used a trajectory of a group that isn't closed, ascending. */
  public List<Long> batchesOf(TrajectoryId id) {
    List<Long> numbers = new ArrayList<>();
    its.batches.forEach(
        (number, ids) -> {
          if (ids.contains(id)) {
            numbers.add(number);
          }
        });
    return numbers;
  }

  /** The trajectories of a batch, in its order; empty if it isn't cut or no longer kept. */
  public Optional<List<TrajectoryId>> batch(long number) {
    return Optional.ofNullable(its.batches.get(number));
  }

  /** Drops by reason, difficulty and length. */
  public List<DropCount> drops() {
    return its.drops.rows();
  }

  /** Number of the last batch that was cut; 0 before the first. */
  public long lastCut() {
    return its.lastCut;
  }

  /** Number of the last batch that the living incarnation trained on. */
  public long trainedBatch() {
    return its.trainedBatch;
  }

  /** Number of the last batch in a committed checkpoint. */
  public long committedBatch() {
    return its.committedBatch;
  }

  /** Batches after this one can be asked for. */
  public long oldestKeptBatch() {
    return its.oldestKeptBatch;
  }

  /** The last commits, oldest first, as many as checkpoints are kept. */
  public List<Committed> commits() {
    return List.copyOf(its.commits);
  }

  /** Batch n makes update firstUpdate + n; empty until the first update or commit tells it. */
  public Optional<Long> firstUpdate() {
    return its.firstUpdate;
  }

  /** The version that the learner made last. */
  public Optional<PolicyVersion> newest() {
    return its.newest;
  }

  /** Updates that were skipped for a non-finite loss or gradient, over all incarnations. */
  public long skippedUpdates() {
    return its.skippedUpdates;
  }

  /** Epoch of the newest replay writer. */
  public int epoch() {
    return its.epoch;
  }

  /** Incarnation of the newest learner; 0 before the first. */
  public int incarnation() {
    return its.incarnations.newest();
  }

  /**
   * Verifiers that were chosen while the run went on and that matter still; in force is the last.
   */
  public List<VerifierChosen> verifiers() {
    return its.verifiers.all();
  }

  /** Who judges groups that begin now; empty = the recipe's. */
  public Optional<VerifierVersion> verifierInForce() {
    return its.verifiers.inForce();
  }

  Incarnations incarnations() {
    return its.incarnations;
  }

  FailureWindow failures() {
    return its.failures;
  }

  long nextGroup() {
    return its.nextGroup;
  }

  Collection<GroupAccount> openGroups() {
    return Collections.unmodifiableCollection(its.open.values());
  }

  /** Groups that no batch has used, by number: running or queued. */
  Collection<GroupAccount> unbatchedGroups() {
    return Collections.unmodifiableCollection(its.unbatched.values());
  }

  /** The first started group with members that were never granted. */
  Optional<GroupAccount> firstPartlyGranted() {
    return its.partlyGranted.isEmpty()
        ? Optional.empty()
        : Optional.of(its.partlyGranted.firstEntry().getValue());
  }

  /** Groups whose first batch comes after batch {@code trained}. */
  long groupsInTraining(long trained) {
    long groups = 0;
    for (int first : its.firstUses.tailMap(trained, false).values()) {
      groups += first;
    }
    return groups;
  }

  Optional<GroupAccount> find(long group) {
    return Optional.ofNullable(its.open.get(group));
  }

  int closedRangeCount() {
    return its.closed.rangeCount();
  }

  /** The groups of these, each once; ids of one group follow each other nearly always. */
  static List<Long> groupsOf(List<TrajectoryId> ids) {
    Set<Long> groups = new LinkedHashSet<>();
    long before = -1;
    for (TrajectoryId id : ids) {
      if (id.group() != before) {
        before = id.group();
        groups.add(before);
      }
    }
    return List.copyOf(groups);
  }
}
