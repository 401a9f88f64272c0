package dev.troupe.actors.ledger;

import dev.troupe.actors.ledger.Effect.Reception;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
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
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * Decides everything that the replay side decides. Commands go in; events to append to the journal
 * and effects to show the world come out ({@link Decision}). One thread at a time.
 *
 * <pre>
 *   demand, renew, nodeLost, tick  → {@link LeaseBook}        who holds what until when
 *   demand                         → {@link LagGate}          may one more group start?
 *   offer                          → {@link Ledger}           once, in time, scored: recorded
 *   requestBatch                   → {@link TrajectoryQueue}  exact lag, then the cut
 *   updated, checkpointWritten     → {@link Ledger}           trained on, consumed
 * </pre>
 *
 * <p>State changes only by {@link #apply}, from the events that are journaled: what a restart folds
 * from the journal is what was in memory. The caller appends a decision's events before it asks for
 * the next decision, and holds effects in an {@link Outbox} until the journal covers them; nothing
 * decided but not synced has been seen by anyone, so losing it loses nothing.
 *
 * <p>Late copies: an offer is refused as {@link Reception#SUPERSEDED} if a <i>later attempt was
 * granted</i>; whether that one has been recorded doesn't matter, because its holder is sampling
 * and exactly one of the two may count. A lease that merely expired supersedes nothing: until its
 * ids are granted again, what arrives under it is recorded.
 *
 * <p>Times are readings of a monotonic clock in nanoseconds.
 */
public class Replay {
  /** Grants of the same work before it is dropped. */
  public static final int LEASE_ATTEMPTS_MAX = 10;

  /** Holders whose demand is remembered; further ones ask again later. */
  public static final int HOLDERS_MAX = 10_000;

  private static final class Turn {
    final long nowNanos;
    final List<LedgerEvent> events = new ArrayList<>();
    final List<Effect> effects = new ArrayList<>();
    final TreeSet<Long> touched = new TreeSet<>();

    Turn(long nowNanos) {
      this.nowNanos = nowNanos;
    }
  }

  private final ReplaySpecification replay;
  private final RewardSpecification reward;
  private final LongFunction<Task> tasks;
  private final LagGate gate;
  private final Ledger ledger;
  private final LeaseBook leases = new LeaseBook();
  private final TrajectoryQueue queue;
  private final Map<String, Integer> demands = new LinkedHashMap<>();
  private VerifierRef verifier;
  private Optional<Long> requested = Optional.empty();
  private Optional<Long> firstUpdate = Optional.empty();

  /** The learner has trained on the batches up to this one, for all that is known. */
  private long trained;

  private Optional<String> paused = Optional.empty();
  private String batchWaitsFor = "";
  private boolean begun;
  private boolean stopped;
  private long leaseNumber;
  private long duplicates;
  private long superseded;
  private long unwanted;
  private long unknown;

  /**
   * A run without history; fold a journal with {@link #recover}, then {@link #begin}.
   *
   * @param tasks task of a group, by the group's number; the same number is always the same task
   * @param verifier of groups that begin from now on
   */
  public Replay(
      ReplaySpecification replay,
      RewardSpecification reward,
      CheckpointSpecification checkpoints,
      LongFunction<Task> tasks,
      VerifierRef verifier) {
    this(replay, reward, checkpoints, tasks, verifier, new TrajectoryQueue(replay));
  }

  Replay(
      ReplaySpecification replay,
      RewardSpecification reward,
      CheckpointSpecification checkpoints,
      LongFunction<Task> tasks,
      VerifierRef verifier,
      TrajectoryQueue queue) {
    this.replay = replay;
    this.reward = reward;
    this.tasks = tasks;
    this.verifier = verifier;
    this.queue = queue;
    this.gate = new LagGate(replay.policyLagMax(), replay.groups());
    this.ledger = new Ledger(LedgerRules.of(replay, reward, checkpoints));
  }

  /** Begins from a summary instead of from nothing; before anything else. */
  public void startFrom(Summarised summary) {
    ledger.startFrom(summary);
  }

  /** Folds an event of the journal; only before {@link #begin}. */
  public void recover(LedgerEvent event) {
    if (begun) {
      throw new IllegalStateException("events are folded before the epoch begins, got " + event);
    }
    apply(event, 0);
  }

  /** The journal is folded and the epoch claimed: leases start their terms again, work goes on. */
  public Decision begin(int epoch, long unixMillis, String machine, long nowNanos) {
    Turn turn = new Turn(nowNanos);
    begun = true;
    leases.restartTerms(nowNanos);
    firstUpdate = ledger.firstUpdate();
    trained = ledger.trainedBatch();
    emit(turn, new EpochBegan(epoch, unixMillis, machine));
    ledger.unbatchedGroups().forEach(account -> turn.touched.add(account.group().number()));
    return finish(turn);
  }

  /** {@code holder} could take work for {@code wanted} trajectories; replaces its last demand. */
  public Decision demand(String holder, int wanted, long nowNanos) {
    Turn turn = new Turn(nowNanos);
    demands.remove(holder);
    if (wanted > 0 && demands.size() < HOLDERS_MAX) {
      demands.put(holder, wanted);
    }
    return finish(turn);
  }

  /**
   * A judged trajectory arrives.
   *
   * @param from whom to answer, in the caller's words
   */
  public Decision offer(String from, JudgedTrajectory judged, long nowNanos) {
    Turn turn = new Turn(nowNanos);
    Trajectory trajectory = judged.trajectory();
    Reception reception = refusal(trajectory).orElseGet(() -> admit(turn, trajectory, judged));
    turn.effects.add(
        new Effect.Acknowledge(from, trajectory.id(), trajectory.attempt(), reception));
    return finish(turn);
  }

  /** The holder of a lease is alive. */
  public Decision renew(String holder, LeaseId lease, long nowNanos) {
    Turn turn = new Turn(nowNanos);
    if (!leases.renew(lease, nowNanos)) {
      turn.effects.add(new Effect.Revoke(holder, lease, List.of()));
    }
    return finish(turn);
  }

  /**
   * A node, or one worker, is gone: {@code lost} names the holder itself or the part of it before a
   * slash.
   */
  public Decision nodeLost(String lost, long nowNanos) {
    Turn turn = new Turn(nowNanos);
    for (String holder : leases.holders()) {
      if (isPartOf(holder, lost)) {
        endLeases(turn, leases.revoke(holder));
      }
    }
    demands.keySet().removeIf(holder -> isPartOf(holder, lost));
    return finish(turn);
  }

  /** Time passes: leases expire. */
  public Decision tick(long nowNanos) {
    Turn turn = new Turn(nowNanos);
    endLeases(turn, leases.expire(nowNanos));
    return finish(turn);
  }

  /**
   * The learner wants batch {@code number}: it has made the updates of all batches before. Batch n
   * makes update {@code firstUpdate} + n. Asked again, the answer is the same.
   */
  public Decision requestBatch(int incarnation, long number, long firstUpdate, long nowNanos) {
    Turn turn = new Turn(nowNanos);
    Optional<String> refusal = refusalOfBatch(incarnation, number, firstUpdate);
    if (refusal.isPresent()) {
      turn.effects.add(new Effect.BatchRefused(number, refusal.get()));
      return finish(turn);
    }
    this.firstUpdate = Optional.of(firstUpdate);
    trained = Math.max(trained, number - 1);
    if (number <= ledger.lastCut()) {
      turn.effects.add(new Effect.HandOut(plan(number)));
    } else {
      requested = Optional.of(number);
    }
    return finish(turn);
  }

  /** The learner made {@code version} from {@code batch} (0: supervised), and it is published. */
  public Decision updated(PolicyVersion version, long batch, boolean skipped, long nowNanos) {
    Turn turn = new Turn(nowNanos);
    if (version.incarnation() != ledger.incarnation() || batch > ledger.lastCut()) {
      turn.effects.add(
          new Effect.IncarnationRefused(
              version.incarnation(),
              "an update of batch [%d] by incarnation [%d] came in incarnation [%d] after cut [%d]"
                  .formatted(
                      batch, version.incarnation(), ledger.incarnation(), ledger.lastCut())));
    } else if (batch == 0 || batch > ledger.trainedBatch()) {
      emit(turn, new Updated(version, batch, skipped));
      trained = Math.max(trained, batch);
    }
    return finish(turn);
  }

  /**
   * A learner began after the checkpoint of update {@code fromUpdate}, whose last batch is {@code
   * lastBatch}; 0 and 0 without a checkpoint.
   */
  public Decision incarnationBegan(
      int incarnation, long fromUpdate, long lastBatch, long nowNanos) {
    Turn turn = new Turn(nowNanos);
    IncarnationBegan began = new IncarnationBegan(incarnation, fromUpdate, lastBatch);
    if (ledger.incarnations().isNewest(began)) {
      turn.effects.add(new Effect.IncarnationAcknowledged(incarnation));
      return finish(turn);
    }
    Optional<String> refusal = refusalOfIncarnation(incarnation, lastBatch);
    if (refusal.isPresent()) {
      turn.effects.add(new Effect.IncarnationRefused(incarnation, refusal.get()));
      return finish(turn);
    }
    requested = Optional.empty();
    trained = lastBatch;
    emit(turn, began);
    turn.effects.add(new Effect.IncarnationAcknowledged(incarnation));
    return finish(turn);
  }

  /** A checkpoint lies complete on disk; it counts once the commit is recorded. */
  public Decision checkpointWritten(
      int incarnation, CheckpointRef checkpoint, long lastBatch, long firstUpdate, long nowNanos) {
    Turn turn = new Turn(nowNanos);
    List<Committed> commits = ledger.commits();
    if (!commits.isEmpty() && commits.getLast().checkpoint().equals(checkpoint)) {
      turn.effects.add(new Effect.CommitAcknowledged(checkpoint));
    } else if (incarnation != ledger.incarnation()) {
      turn.effects.add(
          new Effect.CommitRefused(
              checkpoint,
              "it is of incarnation [%d], but [%d] has begun"
                  .formatted(incarnation, ledger.incarnation())));
    } else if (lastBatch < ledger.committedBatch() || lastBatch > ledger.lastCut()) {
      turn.effects.add(
          new Effect.CommitRefused(
              checkpoint,
              "its last batch [%d] is outside [%d..%d], from the last commit to the last cut"
                  .formatted(lastBatch, ledger.committedBatch(), ledger.lastCut())));
    } else {
      emit(turn, new Committed(checkpoint, lastBatch, firstUpdate));
      turn.effects.add(new Effect.CommitAcknowledged(checkpoint));
    }
    return finish(turn);
  }

  /** No new grants until {@link #resume}; what is out may still come in. */
  public Decision pause(String why, long nowNanos) {
    paused = Optional.of(why);
    return finish(new Turn(nowNanos));
  }

  /** Grants again. */
  public Decision resume(long nowNanos) {
    paused = Optional.empty();
    return finish(new Turn(nowNanos));
  }

  /** Groups that begin from now on are judged by {@code next}. */
  public void useVerifier(VerifierRef next) {
    verifier = next;
  }

  /** The run is over: what no batch has used is dropped. */
  public Decision endRun(String why, long nowNanos) {
    Turn turn = new Turn(nowNanos);
    stopped = true;
    for (GroupAccount account : List.copyOf(ledger.unbatchedGroups())) {
      dropGroup(turn, account, DropReason.RUN_ENDED, why);
    }
    emit(turn, new RunEnded(why));
    return finish(turn);
  }

  /**
   * Accounts for what is over, so that the segments of the journal before the named one may be
   * deleted once the event is synced; it must be the first of a segment.
   */
  public Decision summarise(int firstEpoch, int firstSequence) {
    Turn turn = new Turn(0);
    emit(turn, ledger.summarise(firstEpoch, firstSequence));
    return new Decision(turn.events, turn.effects);
  }

  /** Groups whose events must be kept. */
  public Set<Long> openGroups() {
    Set<Long> groups = new TreeSet<>();
    ledger.openGroups().forEach(account -> groups.add(account.group().number()));
    return groups;
  }

  // ---- state ----

  /** The only place where state changes: the same for a decision and for a journal read back. */
  private void apply(LedgerEvent event, long nowNanos) {
    if (ledger.isSummarised(event)) {
      return;
    }
    ledger.apply(event);
    switch (event) {
      case Granted granted -> leases.granted(granted.lease(), granted.holder(), nowNanos);
      case Recorded recorded -> {
        leases.done(recorded.trajectory().trajectory().id());
        queue.note(recorded.trajectory().trajectory().id().group(), ledger);
      }
      case Dropped dropped -> {
        leases.done(dropped.id());
        queue.note(dropped.id().group(), ledger);
      }
      case BatchCut cut -> Ledger.groupsOf(cut.ids()).forEach(group -> queue.note(group, ledger));
      case Committed _ -> queue.groups().forEach(group -> queue.note(group, ledger));
      case Updated _, IncarnationBegan _, EpochBegan _, RunEnded _, Summarised _ -> {}
    }
  }

  private void emit(Turn turn, LedgerEvent event) {
    apply(event, turn.nowNanos);
    turn.events.add(event);
    switch (event) {
      case Recorded recorded -> turn.touched.add(recorded.trajectory().trajectory().id().group());
      case Dropped dropped -> turn.touched.add(dropped.id().group());
      case Granted _, BatchCut _, Committed _, Updated _, IncarnationBegan _, EpochBegan _ -> {}
      case RunEnded _, Summarised _ -> {}
    }
  }

  private Decision finish(Turn turn) {
    if (begun) {
      settleTouched(turn);
      tryCut(turn);
      settleTouched(turn);
      fillDemands(turn);
    }
    return new Decision(turn.events, turn.effects);
  }

  // ---- offers ----

  /** Why this copy can't count; empty if it can. */
  Optional<Reception> refusal(Trajectory trajectory) {
    TrajectoryId id = trajectory.id();
    if (ledger.isClosed(id.group())) {
      duplicates++;
      return Optional.of(Reception.DUPLICATE);
    }
    int latest = ledger.attempt(id);
    if (latest == 0 || trajectory.attempt() > latest) {
      unknown++;
      return Optional.of(Reception.UNKNOWN);
    }
    if (trajectory.attempt() < latest) {
      superseded++;
      return Optional.of(Reception.SUPERSEDED);
    }
    return switch (ledger.state(id).orElseThrow()) {
      case LEASED -> Optional.empty();
      case RECORDED, BATCHED, CONSUMED -> {
        duplicates++;
        yield Optional.of(Reception.DUPLICATE);
      }
      case DROPPED -> {
        unwanted++;
        yield Optional.of(Reception.DROPPED);
      }
    };
  }

  private Reception admit(Turn turn, Trajectory trajectory, JudgedTrajectory judged) {
    TrajectoryId id = trajectory.id();
    GroupAccount account = ledger.find(id.group()).orElseThrow();
    if (!judged.verifier().equals(account.group().verifier())) {
      String detail =
          "judged by [%s], its group wants [%s]"
              .formatted(judged.verifier(), account.group().verifier());
      return fail(turn, trajectory, DropReason.REWARD_INVALID, detail);
    }
    return switch (judged.outcome()) {
      case Outcome.Invalid invalid ->
          fail(turn, trajectory, DropReason.REWARD_INVALID, invalid.why());
      case Outcome.TimedOut late ->
          fail(
              turn,
              trajectory,
              DropReason.REWARD_TIMED_OUT,
              "no verdict within [%d] ms".formatted(late.limit().toMillis()));
      case Outcome.Crashed crashed ->
          fail(turn, trajectory, DropReason.REWARD_CRASHED, crashed.error());
      case Outcome.Scored _ -> admitScored(turn, account, judged);
    };
  }

  private Reception admitScored(Turn turn, GroupAccount account, JudgedTrajectory judged) {
    PolicyVersion behaviour = judged.trajectory().behaviour();
    long next = ledger.lastCut() + 1;
    long lag = firstUpdate.map(first -> TrajectoryQueue.lag(behaviour, next, first)).orElse(0L);
    if (lag > replay.policyLagMax()) {
      dropGroup(turn, account, DropReason.STALE, staleDetail(lag, next));
      return Reception.DROPPED;
    }
    emit(turn, new Recorded(judged));
    return Reception.RECORDED;
  }

  private Reception fail(Turn turn, Trajectory trajectory, DropReason reason, String detail) {
    emit(turn, new Dropped(trajectory.id(), reason, detail, Lengths.of(trajectory)));
    FailureWindow failures = ledger.failures();
    boolean tooMany = failures.failures() > reward.failureBudget();
    boolean tooOften =
        failures.inWindow() >= FailureWindow.SHARE_FROM
            && failures.failuresInWindow() > reward.failureBudgetShare() * failures.inWindow();
    if ((tooMany || tooOften) && !stopped) {
      stopped = true;
      turn.effects.add(
          new Effect.StopRun(
              "[%d] of [%d] verdicts were not a score, [%d] of the last [%d]; the recipe allows [%d] and a share of [%s]"
                  .formatted(
                      failures.failures(),
                      failures.verdicts(),
                      failures.failuresInWindow(),
                      failures.inWindow(),
                      reward.failureBudget(),
                      reward.failureBudgetShare()),
              failures.examples()));
    }
    return Reception.DROPPED;
  }

  // ---- groups ----

  /** Groups that this turn changed: the ended ones are cleared, the complete ones looked at. */
  private void settleTouched(Turn turn) {
    while (!turn.touched.isEmpty()) {
      long number = turn.touched.pollFirst();
      ledger
          .find(number)
          .filter(account -> account.uses() == 0)
          .ifPresent(account -> settle(turn, account));
    }
  }

  private void settle(Turn turn, GroupAccount account) {
    if (account.isOver()) {
      dropGroup(turn, account, DropReason.FILTERED, "its group ended");
      return;
    }
    int size = account.group().size();
    List<TrajectoryId> scored = account.scored();
    if (!account.isComplete() || scored.isEmpty()) {
      return;
    }
    if (scored.size() < Math.min(2, size)) {
      String detail = "[%d] of [%d] members have a score".formatted(scored.size(), size);
      dropGroup(turn, account, DropReason.FILTERED, detail);
    } else if (replay.filterUniform() && size > 1 && account.isUniform()) {
      String detail = "every score is [%s]".formatted(account.firstScore());
      dropGroup(turn, account, DropReason.FILTERED, detail);
    }
  }

  private void dropGroup(Turn turn, GroupAccount account, DropReason reason, String detail) {
    Map<LeaseId, List<TrajectoryId>> revoked = new LinkedHashMap<>();
    Map<LeaseId, String> holders = new LinkedHashMap<>();
    for (TrajectoryId id : account.ids(TrajectoryState.LEASED)) {
      leases
          .lease(id)
          .ifPresent(
              lease -> {
                revoked.computeIfAbsent(lease.id(), _ -> new ArrayList<>()).add(id);
                leases.holder(id).ifPresent(holder -> holders.put(lease.id(), holder));
              });
      emit(turn, new Dropped(id, reason, detail));
    }
    for (TrajectoryId id : account.ids(TrajectoryState.RECORDED)) {
      emit(turn, new Dropped(id, reason, detail));
    }
    holders.forEach(
        (lease, holder) ->
            turn.effects.add(
                new Effect.Revoke(holder, lease, revoked.getOrDefault(lease, List.of()))));
  }

  // ---- batches ----

  private void tryCut(Turn turn) {
    if (requested.isEmpty() || firstUpdate.isEmpty()) {
      return;
    }
    long number = requested.get();
    long first = firstUpdate.get();
    for (GroupAccount account : queue.stale(ledger, number, first)) {
      if (account.uses() == 0) {
        long lag = TrajectoryQueue.lag(account.oldestBehaviour(), number, first);
        dropGroup(turn, account, DropReason.STALE, staleDetail(lag, number));
      }
    }
    for (GroupAccount account : queue.orphaned(ledger)) {
      String detail = "sampled by [%s]".formatted(account.oldestBehaviour());
      dropGroup(turn, account, DropReason.ORPHANED, detail);
    }
    switch (queue.plan(ledger, number, first)) {
      case TrajectoryQueue.Plan.Wait wait -> batchWaitsFor = wait.why();
      case TrajectoryQueue.Plan.Cut cut -> {
        List<TrajectoryId> ids = new ArrayList<>();
        for (long group : cut.groups()) {
          ids.addAll(ledger.find(group).orElseThrow().scored());
        }
        emit(turn, new BatchCut(number, ids));
        requested = Optional.empty();
        batchWaitsFor = "";
        turn.effects.add(new Effect.HandOut(plan(number)));
      }
    }
  }

  private BatchPlan plan(long number) {
    List<TrajectoryId> ids = ledger.batch(number).orElseThrow();
    Map<Long, List<TrajectoryId>> byGroup = new LinkedHashMap<>();
    for (TrajectoryId id : ids) {
      byGroup.computeIfAbsent(id.group(), _ -> new ArrayList<>()).add(id);
    }
    List<BatchPlan.PlannedGroup> groups = new ArrayList<>();
    byGroup.forEach(
        (group, members) ->
            groups.add(
                new BatchPlan.PlannedGroup(ledger.find(group).orElseThrow().group(), members)));
    return new BatchPlan(number, groups);
  }

  private Optional<String> refusalOfBatch(int incarnation, long number, long first) {
    if (incarnation != ledger.incarnation()) {
      return Optional.of(
          "incarnation [%d] asked, but [%d] has begun"
              .formatted(incarnation, ledger.incarnation()));
    }
    if (number <= ledger.oldestKeptBatch() || number > ledger.lastCut() + 1) {
      return Optional.of(
          "batches [%d..%d] can be asked for, got [%d]"
              .formatted(ledger.oldestKeptBatch() + 1, ledger.lastCut() + 1, number));
    }
    Optional<Long> known = ledger.firstUpdate();
    return known.isPresent() && known.get() != first
        ? Optional.of(
            "reinforcement learning began at update [%d], got [%d]".formatted(known.get(), first))
        : Optional.empty();
  }

  private Optional<String> refusalOfIncarnation(int incarnation, long lastBatch) {
    if (incarnation <= ledger.incarnation()) {
      return Optional.of("incarnation [%d] has begun".formatted(ledger.incarnation()));
    }
    boolean committed =
        ledger.commits().stream().anyMatch(commit -> commit.lastBatch() == lastBatch);
    return committed || (lastBatch == 0 && ledger.oldestKeptBatch() == 0)
        ? Optional.empty()
        : Optional.of(
            "no recorded commit ends with batch [%d]; the commits end with %s"
                .formatted(
                    lastBatch, ledger.commits().stream().map(Committed::lastBatch).toList()));
  }

  private String staleDetail(long lag, long batch) {
    return "lag [%d] in batch [%d] exceeds [%d]".formatted(lag, batch, replay.policyLagMax());
  }

  // ---- leases ----

  private void endLeases(Turn turn, List<LeaseBook.Ended> ended) {
    for (LeaseBook.Ended end : ended) {
      turn.effects.add(new Effect.Revoke(end.holder(), end.lease().id(), end.undone()));
      if (end.lease().attempt() >= LEASE_ATTEMPTS_MAX) {
        DropReason reason =
            switch (end.loss()) {
              case EXPIRED -> DropReason.LEASE_EXPIRED;
              case NODE_LOST -> DropReason.NODE_LOST;
            };
        for (TrajectoryId id : end.undone()) {
          emit(turn, new Dropped(id, reason, "after [%d] grants".formatted(LEASE_ATTEMPTS_MAX)));
        }
      }
    }
  }

  private void fillDemands(Turn turn) {
    if (paused.isPresent() || stopped || firstUpdate.isEmpty()) {
      return;
    }
    var waiting = demands.entrySet().iterator();
    while (waiting.hasNext()) {
      var demand = waiting.next();
      int wanted = demand.getValue();
      while (wanted > 0) {
        Optional<Effect.Grant> grant = grant(turn, demand.getKey(), wanted);
        if (grant.isEmpty()) {
          demand.setValue(wanted);
          return;
        }
        wanted -= grant.get().lease().members().size();
      }
      waiting.remove();
    }
  }

  /** Grants loose work first, then what is left of started groups, then a new group. */
  private Optional<Effect.Grant> grant(Turn turn, String holder, int wanted) {
    if (!leases.loose().isEmpty()) {
      return Optional.of(grantLoose(turn, holder, wanted));
    }
    for (GroupAccount account : ledger.unbatchedGroups()) {
      List<Integer> members = account.ungranted();
      if (!members.isEmpty()) {
        return Optional.of(grant(turn, holder, account.group(), members, wanted, 1, 0));
      }
    }
    Occupancy occupancy = occupancy();
    if (!gate.isOpen(occupancy.running(), occupancy.queued(), occupancy.inTraining())) {
      return Optional.empty();
    }
    long number = ledger.nextGroup();
    Group group = new Group(number, tasks.apply(number), replay.groupSize(), verifier);
    List<Integer> members = new ArrayList<>();
    for (int member = 0; member < group.size(); member++) {
      members.add(member);
    }
    long ahead = occupancy.running() + occupancy.queued();
    return Optional.of(grant(turn, holder, group, members, wanted, 1, ahead));
  }

  private Effect.Grant grantLoose(Turn turn, String holder, int wanted) {
    TrajectoryId first = leases.loose().keySet().iterator().next();
    int attempt = ledger.attempt(first);
    List<Integer> members = new ArrayList<>();
    for (TrajectoryId id : leases.loose().keySet()) {
      if (id.group() == first.group() && ledger.attempt(id) == attempt) {
        members.add(id.member());
      }
    }
    Group group = ledger.find(first.group()).orElseThrow().group();
    return grant(turn, holder, group, members, wanted, attempt + 1, 0);
  }

  private Effect.Grant grant(
      Turn turn,
      String holder,
      Group group,
      List<Integer> members,
      int wanted,
      int attempt,
      long ahead) {
    int[] chosen = members.stream().limit(wanted).mapToInt(Integer::intValue).toArray();
    Lease lease =
        new Lease(
            new LeaseId(ledger.epoch(), ++leaseNumber),
            group,
            IntArray.of(chosen),
            attempt,
            replay.leaseLimit());
    emit(turn, new Granted(lease, holder));
    long updateMin = gate.oldestUpdate(firstUpdate.orElse(0L), ledger.lastCut() + 1, ahead);
    Effect.Grant grant = new Effect.Grant(holder, lease, updateMin);
    turn.effects.add(grant);
    return grant;
  }

  private static boolean isPartOf(String holder, String lost) {
    return holder.equals(lost) || holder.startsWith(lost + "/");
  }

  // ---- what others may look at ----

  /** The account; read it on the thread that owns this object. */
  public Ledger ledger() {
    return ledger;
  }

  /** What the gate sees. */
  public Occupancy occupancy() {
    long queued = queue.fresh(ledger);
    return new Occupancy(
        ledger.unbatchedGroups().size() - queued,
        queued,
        ledger.groupsInTraining(trained),
        gate.groupsMax());
  }

  /** Offers outside the law. */
  public Apart apart() {
    return new Apart(duplicates, superseded, unwanted, unknown);
  }

  /** Complete groups that a batch may use, in completion order. */
  List<Long> queued() {
    return queue.groups();
  }

  /** Who holds leases; after a takeover, those that aren't alive should be reported lost. */
  public Set<String> holders() {
    return leases.holders();
  }

  /** Leases that are out. */
  public int leasesOut() {
    return leases.size();
  }

  /** When {@link #tick} has something to do at the latest; empty if nothing is out. */
  public Optional<Long> nextDeadlineNanos() {
    return leases.nextDeadlineNanos();
  }

  /** The batch that the learner waits for; empty if it waits for none. */
  public Optional<Long> batchRequested() {
    return requested;
  }

  /** Why the requested batch isn't cut yet; empty text if none waits. */
  public String batchWaitsFor() {
    return batchWaitsFor;
  }

  /** Why nothing is granted; empty if grants go on. */
  public Optional<String> pausedFor() {
    return paused;
  }
}
