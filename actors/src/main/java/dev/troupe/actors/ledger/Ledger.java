package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.DropCount;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.GroupRange;
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
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
  private final LedgerRules rules;
  private final TreeMap<Long, GroupAccount> open = new TreeMap<>();
  private final TreeMap<Long, GroupAccount> unbatched = new TreeMap<>();
  private final ClosedGroups closed = new ClosedGroups();
  private final Drops drops = new Drops();
  private final FailureWindow failures = new FailureWindow();
  private final Incarnations incarnations = new Incarnations();
  private final TreeMap<Long, List<TrajectoryId>> batches = new TreeMap<>();
  private final ArrayDeque<Committed> commits = new ArrayDeque<>();
  private final EnumMap<TrajectoryState, Long> counts = new EnumMap<>(TrajectoryState.class);
  private long granted;
  private long updates;
  private long nextGroup;
  private long lastCut;
  private long trainedBatch;
  private long committedBatch;
  private long oldestKeptBatch;
  private long skippedUpdates;
  private Optional<Long> firstUpdate = Optional.empty();
  private Optional<PolicyVersion> newest = Optional.empty();
  private int epoch;
  private long forgottenUpdates;

  /** While the segments that a summary kept are folded up to it. */
  private @Nullable Summarised catchingUpTo;

  public Ledger(LedgerRules rules) {
    this.rules = rules;
    for (TrajectoryState state : TrajectoryState.values()) {
      counts.put(state, 0L);
    }
  }

  /**
   * Begins from a summary instead of from nothing: what follows are the events of the kept
   * segments, the summary itself among them.
   */
  public void startFrom(Summarised summary) {
    if (granted != 0 || epoch != 0) {
      throw new LedgerException("a summary comes first, but epoch [%d] has begun".formatted(epoch));
    }
    catchingUpTo = summary;
    closed.restore(summary);
    drops.addRows(summary.drops());
    granted = summary.granted();
    add(TrajectoryState.CONSUMED, summary.consumed());
    add(TrajectoryState.DROPPED, drops.total());
    updates = summary.updates();
    forgottenUpdates = summary.updates();
    oldestKeptBatch = summary.oldestKeptBatch();
    lastCut = oldestKeptBatch;
    trainedBatch = oldestKeptBatch;
    committedBatch = oldestKeptBatch;
    commits.addAll(summary.commits());
    if (oldestKeptBatch > 0 && !commits.isEmpty()) {
      firstUpdate = Optional.of(commits.getLast().firstUpdate());
    }
    incarnations.restore(summary.incarnations());
    for (GroupRange range : summary.closed()) {
      nextGroup = Math.max(nextGroup, range.last() + 1);
    }
  }

  /**
   * Whether an event of a kept segment is accounted for by the summary that this ledger began with.
   */
  boolean isSummarised(LedgerEvent event) {
    if (catchingUpTo == null) {
      return false;
    }
    return switch (event) {
      case Granted grant -> closed.contains(grant.lease().group().number());
      case Recorded recorded -> closed.contains(recorded.trajectory().trajectory().id().group());
      case Dropped dropped -> closed.contains(dropped.id().group());
      case Committed committed -> committed.lastBatch() <= oldestKeptBatch;
      case Updated updated -> updated.batch() <= oldestKeptBatch;
      case BatchCut _, EpochBegan _, IncarnationBegan _, RunEnded _, Summarised _ -> false;
    };
  }

  /** Folds one event. */
  public void apply(LedgerEvent event) {
    if (isSummarised(event)) {
      return;
    }
    switch (event) {
      case EpochBegan began -> onEpochBegan(began);
      case Granted grant -> onGranted(grant);
      case Recorded recorded -> onRecorded(recorded);
      case Dropped dropped -> onDropped(dropped);
      case BatchCut cut -> onBatchCut(cut);
      case Updated updated -> onUpdated(updated);
      case IncarnationBegan began -> onIncarnationBegan(began);
      case Committed committed -> onCommitted(committed);
      case Summarised summary -> onSummarised(summary);
      case RunEnded _ -> {}
    }
  }

  private void onEpochBegan(EpochBegan began) {
    if (began.epoch() <= epoch) {
      throw new LedgerException(
          "epoch [%d] began after epoch [%d]".formatted(began.epoch(), epoch));
    }
    epoch = began.epoch();
  }

  private void onGranted(Granted grant) {
    var lease = grant.lease();
    long number = lease.group().number();
    GroupAccount account = open.get(number);
    if (account == null) {
      if (closed.contains(number)) {
        throw new LedgerException("group [%d] was granted after it was closed".formatted(number));
      }
      account = new GroupAccount(lease.group(), trainedAtGrant());
      open.put(number, account);
      unbatched.put(number, account);
      nextGroup = Math.max(nextGroup, number + 1);
    }
    for (int member : lease.members().toArray()) {
      if (lease.attempt() != account.attempt(member) + 1) {
        throw new LedgerException(
            "attempt [%d] of trajectory [%d.%d] was granted after attempt [%d]"
                .formatted(lease.attempt(), number, member, account.attempt(member)));
      }
      if (lease.attempt() == 1) {
        granted++;
        add(TrajectoryState.LEASED, 1);
        account.state(member, TrajectoryState.LEASED);
      }
      if (account.state(member) != TrajectoryState.LEASED) {
        throw new LedgerException(
            "trajectory [%d.%d] was granted again although it is %s"
                .formatted(number, member, account.state(member)));
      }
      account.attempt(member, lease.attempt());
    }
  }

  /** Before the first kept update is reached again, how much was trained isn't known: nothing. */
  private long trainedAtGrant() {
    return catchingUpTo != null && trainedBatch == oldestKeptBatch ? 0 : trainedBatch;
  }

  private void onRecorded(Recorded recorded) {
    Trajectory trajectory = recorded.trajectory().trajectory();
    TrajectoryId id = trajectory.id();
    GroupAccount account = account(id);
    if (account.state(id.member()) != TrajectoryState.LEASED) {
      throw new LedgerException(
          "trajectory [%s] was recorded although it is %s"
              .formatted(id, account.state(id.member())));
    }
    if (account.attempt(id.member()) != trajectory.attempt()) {
      throw new LedgerException(
          "attempt [%d] of trajectory [%s] was recorded although attempt [%d] is out"
              .formatted(trajectory.attempt(), id, account.attempt(id.member())));
    }
    account.recorded(
        id.member(),
        Scores.of(recorded.trajectory()),
        Lengths.of(trajectory),
        trajectory.behaviour());
    add(TrajectoryState.LEASED, -1);
    add(TrajectoryState.RECORDED, 1);
    failures.scored();
  }

  private void onDropped(Dropped dropped) {
    TrajectoryId id = dropped.id();
    GroupAccount account = account(id);
    TrajectoryState before = granted(account, id);
    if (!(before == TrajectoryState.LEASED
        || before == TrajectoryState.RECORDED
        || before == TrajectoryState.BATCHED)) {
      throw new LedgerException(
          "trajectory [%s] was dropped although it is %s".formatted(id, before));
    }
    account.dropped(id.member(), dropped.reason(), dropped.length());
    add(before, -1);
    add(TrajectoryState.DROPPED, 1);
    drops.add(dropped.reason(), account.group().task().difficulty(), account.length(id.member()));
    if (endsGroup(dropped.reason())) {
      account.over();
    }
    if (isRewardFailure(dropped.reason())) {
      failures.failed(id + " " + dropped.reason() + ": " + dropped.detail());
    }
    closeIfDone(account);
  }

  private void onBatchCut(BatchCut cut) {
    if (catchingUpTo != null && cut.number() <= oldestKeptBatch) {
      reuseFromSummarised(cut);
      return;
    }
    if (cut.number() != lastCut + 1) {
      throw new LedgerException(
          "batch [%d] was cut after batch [%d]".formatted(cut.number(), lastCut));
    }
    Set<TrajectoryId> seen = new HashSet<>();
    for (TrajectoryId id : cut.ids()) {
      if (!seen.add(id)) {
        throw new LedgerException(
            "batch [%d] names trajectory [%s] twice".formatted(cut.number(), id));
      }
      GroupAccount account = account(id);
      TrajectoryState before = granted(account, id);
      boolean again = before == TrajectoryState.BATCHED || before == TrajectoryState.CONSUMED;
      if (!(before == TrajectoryState.RECORDED || (again && account.uses() < rules.reuse()))) {
        throw new LedgerException(
            "batch [%d] names trajectory [%s], which is %s and was used [%d] times of [%d]"
                .formatted(cut.number(), id, before, account.uses(), rules.reuse()));
      }
      account.state(id.member(), TrajectoryState.BATCHED);
      add(before, -1);
      add(TrajectoryState.BATCHED, 1);
    }
    for (long group : groupsOf(cut.ids())) {
      account(group).used(cut.number());
      unbatched.remove(group);
    }
    batches.put(cut.number(), cut.ids());
    lastCut = cut.number();
  }

  /** A batch before the kept ones, which used groups that later batches use again. */
  private void reuseFromSummarised(BatchCut cut) {
    for (TrajectoryId id : cut.ids()) {
      GroupAccount account = open.get(id.group());
      if (account != null && account.state(id.member()) == TrajectoryState.RECORDED) {
        account.state(id.member(), TrajectoryState.CONSUMED);
        add(TrajectoryState.RECORDED, -1);
        add(TrajectoryState.CONSUMED, 1);
      }
    }
    for (long group : groupsOf(cut.ids())) {
      GroupAccount account = open.get(group);
      if (account != null) {
        account.used(cut.number());
        unbatched.remove(group);
      }
    }
  }

  private void onSummarised(Summarised summary) {
    if (!summary.equals(catchingUpTo)) {
      return;
    }
    catchingUpTo = null;
    if (granted != summary.grantedSoFar() || lastCut != summary.cutSoFar()) {
      throw new LedgerException(
          "the kept segments lead to [%d] granted and [%d] cut, their summary says [%d] and [%d]"
              .formatted(granted, lastCut, summary.grantedSoFar(), summary.cutSoFar()));
    }
    skippedUpdates = summary.skippedUpdates();
    failures.restart(summary.verdicts(), summary.failures());
  }

  /** Accounts for the closed groups, so that the segments before the named one can go. */
  Summarised summarise(int firstEpoch, int firstSequence) {
    return new Summarised(
        firstEpoch,
        firstSequence,
        closed.ranges(),
        closed.granted(),
        closed.consumed(),
        closed.drops(),
        forgottenUpdates,
        oldestKeptBatch,
        commits.stream().filter(commit -> commit.lastBatch() <= oldestKeptBatch).toList(),
        incarnations.begun(),
        granted,
        lastCut,
        skippedUpdates,
        failures.verdicts(),
        failures.failures());
  }

  private void onUpdated(Updated updated) {
    newest = Optional.of(updated.version());
    if (updated.skipped()) {
      skippedUpdates++;
    }
    if (updated.batch() > 0) {
      if (updated.batch() > lastCut) {
        throw new LedgerException(
            "batch [%d] was trained on although [%d] is the last one cut"
                .formatted(updated.batch(), lastCut));
      }
      trainedBatch = updated.batch();
      firstUpdate = Optional.of(updated.version().update() - updated.batch());
    }
  }

  private void onIncarnationBegan(IncarnationBegan began) {
    long after = began.lastBatch();
    if (catchingUpTo != null) {
      after = Math.max(after, oldestKeptBatch);
    } else {
      incarnations.began(began);
    }
    if (after < oldestKeptBatch || after > lastCut) {
      throw new LedgerException(
          "incarnation [%d] began after batch [%d], which is outside [%d..%d]"
              .formatted(began.incarnation(), after, oldestKeptBatch, lastCut));
    }
    trainedBatch = after;
    if (after < committedBatch) {
      while (!commits.isEmpty() && commits.getLast().lastBatch() > after) {
        commits.removeLast();
      }
      moveBatches(after, committedBatch, TrajectoryState.CONSUMED, TrajectoryState.BATCHED);
      committedBatch = after;
    }
  }

  private void onCommitted(Committed committed) {
    if (!(committed.lastBatch() >= committedBatch && committed.lastBatch() <= lastCut)) {
      throw new LedgerException(
          "a checkpoint committed batch [%d], which is outside [%d..%d]"
              .formatted(committed.lastBatch(), committedBatch, lastCut));
    }
    long before = committedBatch;
    committedBatch = committed.lastBatch();
    trainedBatch = Math.max(trainedBatch, committedBatch);
    moveBatches(before, committedBatch, TrajectoryState.BATCHED, TrajectoryState.CONSUMED);
    if (committed.lastBatch() > 0) {
      firstUpdate = Optional.of(committed.firstUpdate());
    }
    commits.addLast(committed);
    while (commits.size() > rules.checkpointsKept()) {
      commits.removeFirst();
    }
    if (commits.size() == rules.checkpointsKept()) {
      oldestKeptBatch = Math.max(oldestKeptBatch, commits.getFirst().lastBatch());
    }
    forget();
  }

  /** Batches in (after, through] enter or leave the committed checkpoints. */
  private void moveBatches(long after, long through, TrajectoryState from, TrajectoryState to) {
    boolean committing = to == TrajectoryState.CONSUMED;
    for (List<TrajectoryId> ids : batches.subMap(after, false, through, true).values()) {
      updates += committing ? ids.size() : -ids.size();
      for (TrajectoryId id : ids) {
        GroupAccount account = account(id);
        boolean settled = account.lastBatch() <= committedBatch;
        if (account.state(id.member()) == from && (!committing || settled)) {
          account.state(id.member(), to);
          add(from, -1);
          add(to, 1);
        }
      }
    }
  }

  /** Drops the content of batches that nobody will ask for again, and closes their groups. */
  private void forget() {
    var old = batches.headMap(oldestKeptBatch, true);
    Set<Long> groups = new HashSet<>();
    for (List<TrajectoryId> ids : old.values()) {
      groups.addAll(groupsOf(ids));
      forgottenUpdates += ids.size();
    }
    old.clear();
    for (long group : groups) {
      GroupAccount account = open.get(group);
      if (account != null) {
        closeIfDone(account);
      }
    }
    if (rules.reuse() > 1) {
      List.copyOf(open.values()).stream()
          .filter(account -> account.uses() > 0)
          .forEach(this::closeIfDone);
    }
  }

  private void closeIfDone(GroupAccount account) {
    boolean alive =
        !account.isComplete()
            || account.hasAny(TrajectoryState.RECORDED)
            || account.hasAny(TrajectoryState.BATCHED)
            || (account.hasAny(TrajectoryState.CONSUMED)
                && (account.lastBatch() > oldestKeptBatch || isReusable(account)));
    if (!alive) {
      open.remove(account.group().number());
      unbatched.remove(account.group().number());
      closed.close(account);
    }
  }

  /** Whether a later batch may still use this group, which was used before. */
  boolean isReusable(GroupAccount account) {
    return account.uses() < rules.reuse()
        && !account.scored().isEmpty()
        && firstUpdate.isPresent()
        && firstUpdate.get() + lastCut - account.oldestBehaviour().update() <= rules.policyLagMax();
  }

  /** Whether a drop for this reason always takes the whole group. */
  private boolean endsGroup(DropReason reason) {
    return switch (reason) {
      case STALE, FILTERED, EVICTED, ORPHANED, RUN_ENDED -> true;
      case LEASE_EXPIRED, NODE_LOST, REWARD_INVALID, REWARD_TIMED_OUT, REWARD_CRASHED ->
          rules.dropGroup();
    };
  }

  static boolean isRewardFailure(DropReason reason) {
    return switch (reason) {
      case REWARD_INVALID, REWARD_TIMED_OUT, REWARD_CRASHED -> true;
      case STALE, FILTERED, EVICTED, ORPHANED, RUN_ENDED, LEASE_EXPIRED, NODE_LOST -> false;
    };
  }

  /** The counts, with the conservation law's terms. */
  public LedgerCounts counts() {
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      if (drops.of(reason) > 0) {
        dropped.put(reason, drops.of(reason));
      }
    }
    return new LedgerCounts(
        granted,
        count(TrajectoryState.LEASED),
        count(TrajectoryState.RECORDED),
        count(TrajectoryState.BATCHED),
        count(TrajectoryState.CONSUMED),
        dropped,
        updates);
  }

  /** Throws, naming the numbers, if the conservation law is broken. */
  public void check() {
    counts().check();
  }

  /** State of a trajectory; empty if it was never granted or its group is closed. */
  public Optional<TrajectoryState> state(TrajectoryId id) {
    GroupAccount account = open.get(id.group());
    return account == null || id.member() < 0 || id.member() >= account.group().size()
        ? Optional.empty()
        : Optional.ofNullable(account.state(id.member()));
  }

  /** Latest attempt that was granted of a trajectory of an open group; 0 = none. */
  int attempt(TrajectoryId id) {
    GroupAccount account = open.get(id.group());
    return account == null || id.member() >= account.group().size()
        ? 0
        : account.attempt(id.member());
  }

  /** Whether nothing can happen to this group any more. */
  public boolean isClosed(long group) {
    return closed.contains(group);
  }

  /** Batches that used a trajectory of a group that isn't closed, ascending. */
  public List<Long> batchesOf(TrajectoryId id) {
    List<Long> numbers = new ArrayList<>();
    batches.forEach(
        (number, ids) -> {
          if (ids.contains(id)) {
            numbers.add(number);
          }
        });
    return numbers;
  }

  /** The trajectories of a batch, in its order; empty if it isn't cut or no longer kept. */
  public Optional<List<TrajectoryId>> batch(long number) {
    return Optional.ofNullable(batches.get(number));
  }

  /** Drops by reason, difficulty and length. */
  public List<DropCount> drops() {
    return drops.rows();
  }

  /** Number of the last batch that was cut; 0 before the first. */
  public long lastCut() {
    return lastCut;
  }

  /** Number of the last batch that the living incarnation trained on. */
  public long trainedBatch() {
    return trainedBatch;
  }

  /** Number of the last batch in a committed checkpoint. */
  public long committedBatch() {
    return committedBatch;
  }

  /** Batches after this one can be asked for. */
  public long oldestKeptBatch() {
    return oldestKeptBatch;
  }

  /** The last commits, oldest first, as many as checkpoints are kept. */
  public List<Committed> commits() {
    return List.copyOf(commits);
  }

  /** Batch n makes update firstUpdate + n; empty until the first update or commit tells it. */
  public Optional<Long> firstUpdate() {
    return firstUpdate;
  }

  /** The version that the learner made last. */
  public Optional<PolicyVersion> newest() {
    return newest;
  }

  /** Updates that were skipped for a non-finite loss or gradient, over all incarnations. */
  public long skippedUpdates() {
    return skippedUpdates;
  }

  /** Epoch of the newest replay writer. */
  public int epoch() {
    return epoch;
  }

  /** Incarnation of the newest learner; 0 before the first. */
  public int incarnation() {
    return incarnations.newest();
  }

  Incarnations incarnations() {
    return incarnations;
  }

  FailureWindow failures() {
    return failures;
  }

  long nextGroup() {
    return nextGroup;
  }

  Collection<GroupAccount> openGroups() {
    return Collections.unmodifiableCollection(open.values());
  }

  /** Groups that no batch has used, by number: running or queued. */
  Collection<GroupAccount> unbatchedGroups() {
    return Collections.unmodifiableCollection(unbatched.values());
  }

  /** Groups whose first batch comes after batch {@code trained}. */
  long groupsInTraining(long trained) {
    Set<Long> groups = new HashSet<>();
    batches
        .tailMap(trained, false)
        .forEach(
            (number, ids) ->
                groupsOf(ids).stream()
                    .filter(group -> account(group).firstBatch() == number)
                    .forEach(groups::add));
    return groups.size();
  }

  Optional<GroupAccount> find(long group) {
    return Optional.ofNullable(open.get(group));
  }

  int closedRangeCount() {
    return closed.rangeCount();
  }

  private GroupAccount account(TrajectoryId id) {
    GroupAccount account = account(id.group());
    if (!(id.member() >= 0 && id.member() < account.group().size())) {
      throw new LedgerException(
          "trajectory [%s] is outside its group of [%d]".formatted(id, account.group().size()));
    }
    return account;
  }

  private GroupAccount account(long group) {
    GroupAccount account = open.get(group);
    if (account == null) {
      throw new LedgerException(
          "group [%d] is %s".formatted(group, closed.contains(group) ? "closed" : "unknown"));
    }
    return account;
  }

  private static TrajectoryState granted(GroupAccount account, TrajectoryId id) {
    TrajectoryState state = account.state(id.member());
    if (state == null) {
      throw new LedgerException("trajectory [%s] was never granted".formatted(id));
    }
    return state;
  }

  static List<Long> groupsOf(List<TrajectoryId> ids) {
    return ids.stream().map(TrajectoryId::group).distinct().toList();
  }

  private long count(TrajectoryState state) {
    return counts.getOrDefault(state, 0L);
  }

  private void add(TrajectoryState state, long change) {
    counts.merge(state, change, Long::sum);
  }
}
