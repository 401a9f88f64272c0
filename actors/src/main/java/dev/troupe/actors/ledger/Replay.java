package dev.troupe.actors.ledger;

import dev.troupe.actors.ledger.Effect.Reception;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.EpochBegan;
import dev.troupe.protocol.ledger.LedgerEvent.IncarnationBegan;
import dev.troupe.protocol.ledger.LedgerEvent.RunEnded;
import dev.troupe.protocol.ledger.LedgerEvent.Summarised;
import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import dev.troupe.protocol.ledger.LedgerEvent.VerifierChosen;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * Decides everything that the replay side decides. Commands go in; events to append to the journal
 * and effects to show the world come out ({@link Decision}). One thread at a time.
 *
 * <pre>
 *   demand, renew, nodeLost, tick  → {@link Grants}          while {@link LagGate} is open; {@link LeaseBook}
 *   offer                          → {@link Admission}       once, in time, scored: recorded
 *   requestBatch                   → {@link BatchCutter}     {@link TrajectoryQueue}: exact lag, then the cut
 *   swap                           → {@link SwapLeftovers}   groups keep their verifier
 *   updated, incarnationBegan,
 *   checkpointWritten              → {@link LearnerReports}  trained on, gone back, consumed
 *   after every one of them        → {@link GroupEnds}, then the cut, then grants to whoever waits
 * </pre>
 *
 * <p>State changes only by {@link ReplayState#apply}, from the events that are journaled: what a
 * restart folds from the journal is what was in memory. The caller appends a decision's events
 * before it asks for the next decision, and holds effects in an {@link Outbox} until the journal
 * covers them; nothing decided but not synced has been seen by anyone, so losing it loses nothing.
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

  private final ReplayState state;
  private final GroupEnds ends;
  private final Admission admission;
  private final BatchCutter cutter;
  private final Grants grants;
  private final LearnerReports learner;
  private final SwapLeftovers leftovers;
  private boolean begun;

  /**
   * A run without history; fold a journal with {@link #recover}, then {@link #begin}.
   *
   * @param tasks task of a group, by the group's number; the same number is always the same task
   * @param verifier the recipe's: of groups that begin before another one is chosen
   */
  public Replay(
      ReplaySpecification replay,
      RewardSpecification reward,
      LedgerRules rules,
      LongFunction<Task> tasks,
      VerifierRef verifier) {
    this(
        replay,
        reward,
        rules,
        tasks,
        verifier,
        new TrajectoryQueue(replay, rules.oneVerifierABatch()),
        new LeaseBook());
  }

  Replay(
      ReplaySpecification replay,
      RewardSpecification reward,
      LedgerRules rules,
      LongFunction<Task> tasks,
      VerifierRef verifier,
      TrajectoryQueue queue,
      LeaseBook leases) {
    Ledger ledger = new Ledger(rules);
    this.state = new ReplayState(ledger, leases, queue);
    this.ends = new GroupEnds(replay, state);
    this.cutter = new BatchCutter(state, ends);
    this.grants = new Grants(replay, tasks, verifier, state);
    this.admission = new Admission(replay, reward, state, ends, grants::verifier);
    this.learner = new LearnerReports(state);
    this.leftovers = new SwapLeftovers(replay, rules, state, ends);
  }

  /** Begins from a summary instead of from nothing; before anything else. */
  public void startFrom(Summarised summary) {
    ledger().startFrom(summary);
  }

  /** Folds an event of the journal; only before {@link #begin}. */
  public void recover(LedgerEvent event) {
    if (begun) {
      throw new IllegalStateException("events are folded before the epoch begins, got " + event);
    }
    state.apply(event, 0);
  }

  /** The journal is folded and the epoch claimed: leases start their terms again, work goes on. */
  public Decision begin(int epoch, long unixMillis, String machine, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    begun = true;
    state.leases().restartTerms(nowNanos);
    state.learnerIsAt(ledger().trainedBatch(), ledger().firstUpdate());
    turn.emit(new EpochBegan(epoch, unixMillis, machine));
    ledger().unbatchedGroups().forEach(account -> turn.touch(account.group().number()));
    return finish(turn);
  }

  /** {@code holder} could take work for {@code wanted} trajectories; replaces its last demand. */
  public Decision demand(String holder, int wanted, long nowNanos) {
    grants.demand(holder, wanted);
    return finish(new Turn(state, nowNanos));
  }

  /**
   * A judged trajectory arrives.
   *
   * @param from whom to answer, in the caller's words
   */
  public Decision offer(String from, JudgedTrajectory judged, long nowNanos) {
    return offer(from, List.of(judged), nowNanos);
  }

  /** Judged trajectories arrive together: the same as one after the other, in one decision. */
  public Decision offer(String from, List<JudgedTrajectory> offered, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    for (JudgedTrajectory judged : offered) {
      Trajectory trajectory = judged.trajectory();
      Reception reception = refusal(trajectory).orElseGet(() -> admission.admit(turn, judged));
      turn.show(new Effect.Acknowledge(from, trajectory.id(), trajectory.attempt(), reception));
      settle(turn);
    }
    return turn.decision();
  }

  /** The holder of a lease is alive. */
  public Decision renew(String holder, LeaseId lease, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    grants.renew(turn, holder, lease);
    return finish(turn);
  }

  /**
   * A holder is alive, and {@code held} is all that it has: what a lost head granted to it on its
   * last breath, and it never heard of, goes to whoever asks.
   */
  public Decision claimed(String holder, List<LeaseId> held, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    grants.claimed(turn, holder, held);
    return finish(turn);
  }

  /**
   * A node, or one worker, is gone: {@code lost} names the holder itself or the part of it before a
   * slash.
   */
  public Decision nodeLost(String lost, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    grants.lost(turn, lost);
    return finish(turn);
  }

  /** Time passes: leases expire. */
  public Decision tick(long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    grants.expire(turn);
    return finish(turn);
  }

  /**
   * The learner wants batch {@code number}: it has made the updates of all batches before, or makes
   * the last of them now. Batch n makes update {@code firstUpdate} + n. Asked again, the answer is
   * the same.
   */
  public Decision requestBatch(int incarnation, long number, long firstUpdate, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    cutter.request(turn, incarnation, number, firstUpdate);
    return finish(turn);
  }

  /** The learner made {@code version} from {@code batch} (0: supervised), and it is published. */
  public Decision updated(
      PolicyVersion version, long batch, boolean skipped, UpdateTrace trace, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    learner.updated(turn, new Updated(version, batch, skipped, trace));
    return finish(turn);
  }

  /** The same by a learner that leaves no trace. */
  public Decision updated(PolicyVersion version, long batch, boolean skipped, long nowNanos) {
    return updated(version, batch, skipped, UpdateTrace.NONE, nowNanos);
  }

  /**
   * A learner began after the checkpoint of update {@code fromUpdate}, whose last batch is {@code
   * lastBatch}; 0 and 0 without a checkpoint.
   */
  public Decision incarnationBegan(
      int incarnation, long fromUpdate, long lastBatch, long nowNanos) {
    return incarnationBegan(new IncarnationBegan(incarnation, fromUpdate, lastBatch), nowNanos);
  }

  /** A learner began. */
  public Decision incarnationBegan(IncarnationBegan began, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    if (learner.began(turn, began)) {
      cutter.forgetRequest();
    }
    return finish(turn);
  }

  /** A checkpoint lies complete on disk; it counts once the commit is recorded. */
  public Decision checkpointWritten(
      int incarnation, CheckpointRef checkpoint, long lastBatch, long firstUpdate, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    learner.checkpointWritten(turn, incarnation, checkpoint, lastBatch, firstUpdate);
    return finish(turn);
  }

  /** No new grants until {@link #resume}; what is out may still come in. */
  public Decision pause(String why, long nowNanos) {
    grants.pause(why);
    return finish(new Turn(state, nowNanos));
  }

  /** Grants again. */
  public Decision resume(long nowNanos) {
    grants.resume();
    return finish(new Turn(state, nowNanos));
  }

  /**
   * Grants again past the failure budget, and counts failures anew. Not journaled: after a takeover
   * the run may have to be told again.
   */
  public Decision forgive(long nowNanos) {
    state.forgive();
    return finish(new Turn(state, nowNanos));
  }

  /** Whether it waits, past its failure budget, for another verifier or for {@link #forgive}. */
  public boolean isOverBudget() {
    return state.isOverBudget();
  }

  /**
   * Whether much of what was decided is not on the disk yet; while it is, nothing is granted. From
   * the next decision on.
   */
  public void journalIsBehind(boolean behind) {
    grants.journalIsBehind(behind);
  }

  /**
   * Groups that begin from now on are judged by {@code next}; those that have begun keep theirs.
   * Said again, it changes nothing.
   *
   * @param unixMillis the wall clock, for people
   */
  public Decision swap(VerifierVersion next, long unixMillis, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    if (!grants.verifier().equals(next.ref())) {
      turn.emit(new VerifierChosen(next, ledger().nextGroup(), unixMillis));
    }
    turn.show(new Effect.VerifierInForce(next));
    return finish(turn);
  }

  /** The run is over: what no batch has used is dropped. */
  public Decision endRun(String why, long nowNanos) {
    Turn turn = new Turn(state, nowNanos);
    state.stop();
    for (GroupAccount account : List.copyOf(ledger().unbatchedGroups())) {
      ends.drop(turn, account, DropReason.RUN_ENDED, why);
    }
    turn.emit(new RunEnded(why));
    return finish(turn);
  }

  /**
   * Accounts for what is over, so that the segments of the journal before the named one may be
   * deleted once the event is synced; it must be the first of a segment.
   */
  public Decision summarise(int firstEpoch, int firstSequence) {
    Turn turn = new Turn(state, 0);
    turn.emit(ledger().summarise(firstEpoch, firstSequence));
    return turn.decision();
  }

  /** Groups whose events must be kept. */
  public Set<Long> openGroups() {
    Set<Long> groups = new TreeSet<>();
    ledger().openGroups().forEach(account -> groups.add(account.group().number()));
    return groups;
  }

  private Decision finish(Turn turn) {
    settle(turn);
    return turn.decision();
  }

  /** What follows from everything that happens. */
  private void settle(Turn turn) {
    if (begun) {
      ends.settleTouched(turn);
      leftovers.settle(turn);
      cutter.tryCut(turn);
      ends.settleTouched(turn);
      grants.fill(turn);
    }
  }

  /** Why this copy can't count; empty if it can. */
  Optional<Reception> refusal(Trajectory trajectory) {
    return admission.refusal(trajectory);
  }

  // ---- what others may look at ----

  /** Who judges groups that begin now. */
  public VerifierRef verifier() {
    return grants.verifier();
  }

  /** Who judges groups of which something may still have to be judged. */
  public Set<VerifierRef> verifiersAtWork() {
    Set<VerifierRef> atWork = new LinkedHashSet<>();
    for (GroupAccount account : ledger().unbatchedGroups()) {
      if (!account.isComplete()) {
        atWork.add(account.group().verifier());
      }
    }
    return atWork;
  }

  /** The account; read it on the thread that owns this object. */
  public Ledger ledger() {
    return state.ledger();
  }

  /** What the gate sees. */
  public Occupancy occupancy() {
    return grants.occupancy();
  }

  /** Offers outside the law. */
  public Apart apart() {
    return admission.apart();
  }

  /** Complete groups that a batch may use, in completion order. */
  List<Long> queued() {
    return state.queue().groups();
  }

  /** Who holds leases; after a takeover, those that aren't alive should be reported lost. */
  public Set<String> holders() {
    return state.leases().holders();
  }

  /** Leases that are out. */
  public int leasesOut() {
    return state.leases().size();
  }

  /** When {@link #tick} has something to do at the latest; empty if nothing is out. */
  public Optional<Long> nextDeadlineNanos() {
    return state.leases().nextDeadlineNanos();
  }

  /** The batch that the learner waits for; empty if it waits for none. */
  public Optional<Long> batchRequested() {
    return cutter.requested();
  }

  /** Why the requested batch isn't cut yet; empty text if none waits. */
  public String batchWaitsFor() {
    return cutter.waitsFor();
  }

  /** Why nothing is granted; empty if grants go on. */
  public Optional<String> pausedFor() {
    return grants.pausedFor();
  }
}
