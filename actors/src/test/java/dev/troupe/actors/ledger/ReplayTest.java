package dev.troupe.actors.ledger;

import static dev.troupe.actors.ledger.Samples.replayOf;
import static dev.troupe.actors.ledger.Samples.scored;
import static dev.troupe.actors.ledger.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.ledger.Effect.Reception;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.ledger.DropCount;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.Dropped;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.OnStraggler;
import dev.troupe.protocol.run.ReplaySpecification.Orphans;
import dev.troupe.protocol.run.RewardSpecification.OnFailedMember;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long FIRST = 10;

  private static TrajectoryId id(long group, int member) {
    return new TrajectoryId(group, member);
  }

  /** Begun, with a learner that asked for batch 1. */
  private static Replay started(ReplaySpecification specification) {
    return start(replayOf(specification));
  }

  private static Replay start(Replay replay) {
    replay.begin(1, 0, "machine", 0);
    replay.incarnationBegan(1, FIRST, 0, 0);
    replay.requestBatch(1, 1, FIRST, 0);
    return replay;
  }

  private static List<Lease> leases(Decision decision) {
    return decision.effects().stream()
        .filter(Effect.Grant.class::isInstance)
        .map(effect -> ((Effect.Grant) effect).lease())
        .toList();
  }

  private static List<BatchPlan> batches(Decision decision) {
    return decision.effects().stream()
        .filter(Effect.HandOut.class::isInstance)
        .map(effect -> ((Effect.HandOut) effect).plan())
        .toList();
  }

  private static List<Dropped> drops(Decision decision) {
    return decision.events().stream()
        .filter(Dropped.class::isInstance)
        .map(Dropped.class::cast)
        .toList();
  }

  private static Reception reception(Decision decision) {
    return decision.effects().stream()
        .filter(Effect.Acknowledge.class::isInstance)
        .map(effect -> ((Effect.Acknowledge) effect).reception())
        .findFirst()
        .orElseThrow();
  }

  private static Decision offer(Replay replay, Lease lease, int member, long update, double score) {
    return replay.offer("worker", scored(lease, member, version(1, update), score), 0);
  }

  private static Decision offerAll(Replay replay, Lease lease, long update) {
    Decision last = new Decision(List.of(), List.of());
    for (int member : lease.members().toArray()) {
      last = offer(replay, lease, member, update, member);
    }
    return last;
  }

  // ---- grants ----

  @Test
  void grantsWholeGroupsUntilOneBatchIsUnderWayAtLagZero() {
    Replay replay = started(Samples.replay(2, 4, 0));
    List<Lease> leases = leases(replay.demand("node/a", 100, 0));
    assertThat(leases).extracting(lease -> lease.group().number()).containsExactly(0L, 1L);
    assertThat(leases).extracting(Lease::members).containsOnly(IntArray.of(0, 1, 2, 3));
    assertThat(replay.occupancy()).isEqualTo(new Occupancy(2, 0, 0, 2));
  }

  @Test
  void grantsOneBatchMoreForEveryUpdateOfLag() {
    Replay replay = started(Samples.replay(2, 4, 2));
    assertThat(leases(replay.demand("node/a", 100, 0))).hasSize(6);
  }

  @Test
  void splitsAGroupOverHoldersThatCanTakeLess() {
    Replay replay = started(Samples.replay(1, 4, 0));
    assertThat(leases(replay.demand("node/a", 3, 0)))
        .extracting(Lease::members)
        .containsExactly(IntArray.of(0, 1, 2));
    assertThat(leases(replay.demand("node/b", 3, 0)))
        .extracting(Lease::members)
        .containsExactly(IntArray.of(3));
  }

  @Test
  void demandWaitsForTheGateAndIsMetWhenItOpens() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Lease first = leases(replay.demand("node/a", 2, 0)).getFirst();
    assertThat(leases(replay.demand("node/b", 2, 0))).isEmpty();
    offerAll(replay, first, FIRST);
    assertThat(replay.occupancy()).isEqualTo(new Occupancy(0, 0, 1, 1));
    Decision updated = replay.updated(version(1, FIRST + 1), 1, false, 0);
    assertThat(updated.effects())
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.Grant.class,
            grant -> {
              assertThat(grant.holder()).isEqualTo("node/b");
              assertThat(grant.updateMin()).isEqualTo(FIRST + 1);
            });
  }

  @Test
  void grantsNothingBeforeTheLearnerIsReadyForReinforcementLearning() {
    Replay replay = replayOf(Samples.replay(1, 2, 0));
    replay.begin(1, 0, "machine", 0);
    assertThat(leases(replay.demand("node/a", 2, 0))).isEmpty();
    replay.incarnationBegan(1, FIRST, 0, 0);
    assertThat(leases(replay.requestBatch(1, 1, FIRST, 0))).hasSize(1);
  }

  @Test
  void grantsNothingWhilePaused() {
    Replay replay = started(Samples.replay(1, 2, 0));
    replay.pause("the disk is nearly full", 0);
    assertThat(leases(replay.demand("node/a", 2, 0))).isEmpty();
    assertThat(replay.pausedFor()).contains("the disk is nearly full");
    assertThat(leases(replay.resume(0))).hasSize(1);
  }

  // ---- leases ----

  @Test
  void anExpiredLeaseIsGrantedAgainWithTheSameIdsAndTheNextAttempt() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Lease first = leases(replay.demand("node/a", 2, 0)).getFirst();
    offer(replay, first, 0, FIRST, 1);
    Decision expired = replay.tick(60 * SECOND);
    assertThat(expired.effects())
        .containsExactly(new Effect.Revoke("node/a", first.id(), List.of(id(0, 1))));
    Lease second = leases(replay.demand("node/b", 2, 60 * SECOND)).getFirst();
    assertThat(second.members()).isEqualTo(IntArray.of(1));
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(replay.ledger().counts().granted()).isEqualTo(2);
  }

  @Test
  void aRenewedLeaseDoesNotExpire() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Lease lease = leases(replay.demand("node/a", 2, 0)).getFirst();
    replay.renew("node/a", lease.id(), 59 * SECOND);
    assertThat(replay.tick(60 * SECOND).isEmpty()).isTrue();
    assertThat(replay.tick(118 * SECOND).isEmpty()).isTrue();
    assertThat(replay.tick(119 * SECOND).effects()).hasSize(1);
  }

  @Test
  void renewingALeaseThatEndedTellsTheHolder() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Lease lease = leases(replay.demand("node/a", 2, 0)).getFirst();
    replay.tick(60 * SECOND);
    assertThat(replay.renew("node/a", lease.id(), 61 * SECOND).effects())
        .containsExactly(new Effect.Revoke("node/a", lease.id(), List.of()));
  }

  @Test
  void whatWasGrantedBeforeATakeoverAndNeverArrivedGoesAtOnceToWhoeverAsks() {
    Replay before = started(Samples.replay(3, 2, 0));
    Lease arrived = leases(before.demand("node-1/a", 2, 0)).getFirst();
    Lease lost = leases(before.demand("node-1/a", 2, 0)).getFirst();
    Lease ofAnother = leases(before.demand("node-2/a", 2, 0)).getFirst();
    Replay replay = replayOf(Samples.replay(3, 2, 0));
    replay.recover(new LedgerEvent.EpochBegan(1, 0, "machine"));
    for (Lease lease : List.of(arrived, lost)) {
      replay.recover(new LedgerEvent.Granted(lease, "node-1/a"));
    }
    replay.recover(new LedgerEvent.Granted(ofAnother, "node-2/a"));
    replay.begin(2, 0, "machine", 0);
    replay.incarnationBegan(1, FIRST, 0, 0);
    replay.requestBatch(1, 1, FIRST, 0);

    Decision claimed = replay.claimed("node-1/a", List.of(arrived.id()), 0);

    assertThat(claimed.effects())
        .containsExactly(new Effect.Revoke("node-1/a", lost.id(), List.of(id(1, 0), id(1, 1))));
    Lease again = leases(replay.demand("node-1/a", 2, 0)).getFirst();
    assertThat(again.group().number()).isEqualTo(1);
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(replay.claimed("node-1/a", List.of(arrived.id()), 0).effects())
        .as("a grant of this life may still be on its way")
        .isEmpty();
    assertThat(replay.holders()).containsExactly("node-1/a", "node-2/a");
  }

  @Test
  void aLostNodeLosesTheLeasesOfAllItsWorkersAtOnce() {
    Replay replay = started(Samples.replay(2, 2, 0));
    replay.demand("node-1/a", 2, 0);
    replay.demand("node-10/a", 2, 0);
    replay.nodeLost("node-1", 0);
    assertThat(replay.holders()).containsExactly("node-10/a");
    assertThat(leases(replay.demand("node-2/a", 2, 0)))
        .extracting(Lease::attempt)
        .containsExactly(2);
  }

  @Test
  void lostWorkGoesAtOnceToWhoWaitsBehindAClosedGate() {
    Replay replay = started(Samples.replay(1, 2, 0));
    replay.demand("node-1/a", 2, 0);
    assertThat(leases(replay.demand("node-2/a", 2, 0))).isEmpty();
    Decision lost = replay.nodeLost("node-1", 0);
    assertThat(leases(lost)).extracting(Lease::attempt).containsExactly(2);
    assertThat(replay.demand("node-3/a", 2, 0).effects()).isEmpty();
    assertThat(leases(replay.tick(60 * SECOND))).extracting(Lease::attempt).containsExactly(3);
  }

  @Test
  void aLateCopyIsRefusedOnceALaterAttemptWasGranted() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Lease first = leases(replay.demand("node/a", 2, 0)).getFirst();
    replay.tick(60 * SECOND);
    Lease second = leases(replay.demand("node/b", 2, 60 * SECOND)).getFirst();
    assertThat(reception(offer(replay, first, 0, FIRST, 1))).isEqualTo(Reception.SUPERSEDED);
    assertThat(reception(offer(replay, second, 0, FIRST, 1))).isEqualTo(Reception.RECORDED);
    assertThat(replay.apart()).isEqualTo(new Apart(0, 1, 0, 0));
  }

  @Test
  void whatArrivesUnderAnExpiredLeaseIsWelcomeUntilItsWorkIsGrantedAgain() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Lease first = leases(replay.demand("node/a", 2, 0)).getFirst();
    replay.tick(60 * SECOND);
    assertThat(reception(offer(replay, first, 0, FIRST, 1))).isEqualTo(Reception.RECORDED);
    assertThat(leases(replay.demand("node/b", 2, 60 * SECOND)))
        .extracting(Lease::members)
        .containsExactly(IntArray.of(1));
  }

  @Test
  void workThatIsLostTenTimesIsDropped() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Decision last = new Decision(List.of(), List.of());
    for (int attempt = 1; attempt <= 10; attempt++) {
      assertThat(leases(replay.demand("node/a", 1, 0)).getFirst().attempt()).isEqualTo(attempt);
      last = replay.nodeLost("node", 0);
    }
    assertThat(drops(last))
        .containsExactly(new Dropped(id(0, 0), DropReason.NODE_LOST, "after [10] grants"));
  }

  @Test
  void leasesStartTheirTermsAgainAfterATakeover() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Decision granted = replay.demand("node/a", 2, 0);
    Replay next = replayOf(Samples.replay(1, 2, 0));
    next.recover(new LedgerEvent.EpochBegan(1, 0, "machine"));
    granted.events().forEach(next::recover);
    next.begin(2, 0, "machine", 1_000 * SECOND);
    assertThat(next.tick(1_059 * SECOND).isEmpty()).isTrue();
    assertThat(next.tick(1_060 * SECOND).effects()).hasSize(1);
    assertThat(next.nextDeadlineNanos()).isEmpty();
  }

  // ---- offers ----

  @Test
  void aTrajectoryCountsOnceHoweverOftenItArrives() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Lease lease = leases(replay.demand("node/a", 2, 0)).getFirst();
    assertThat(reception(offer(replay, lease, 0, FIRST, 1))).isEqualTo(Reception.RECORDED);
    Decision again = offer(replay, lease, 0, FIRST, 1);
    assertThat(again.events()).isEmpty();
    assertThat(reception(again)).isEqualTo(Reception.DUPLICATE);
    assertThat(replay.apart()).isEqualTo(new Apart(1, 0, 0, 0));
    assertThat(replay.ledger().counts()).isEqualTo(new LedgerCounts(2, 1, 1, 0, 0, Map.of(), 0));
  }

  @Test
  void whatWasNeverGrantedIsRefused() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Lease foreign = leases(started(Samples.replay(1, 2, 0)).demand("node/a", 2, 0)).getFirst();
    assertThat(reception(offer(replay, foreign, 0, FIRST, 1))).isEqualTo(Reception.UNKNOWN);
  }

  @Test
  void everyVerdictThatIsNotAScoreIsADropWithItsReason() {
    Replay replay = started(Samples.replay(1, 4, 0));
    Lease lease = leases(replay.demand("node/a", 4, 0)).getFirst();
    List<Dropped> dropped = new ArrayList<>();
    List<Outcome> outcomes =
        List.of(
            new Outcome.Invalid("no number in it"),
            new Outcome.TimedOut(Duration.ofMillis(250)),
            new Outcome.Crashed("boom"));
    for (int member = 0; member < 3; member++) {
      JudgedTrajectory judged =
          Samples.judged(
              Samples.trajectory(lease, member, version(1, FIRST)), outcomes.get(member));
      dropped.addAll(drops(replay.offer("worker", judged, 0)));
    }
    assertThat(dropped)
        .containsExactly(
            new Dropped(id(0, 0), DropReason.REWARD_INVALID, "no number in it", 5),
            new Dropped(id(0, 1), DropReason.REWARD_TIMED_OUT, "no verdict within [250] ms", 5),
            new Dropped(id(0, 2), DropReason.REWARD_CRASHED, "boom", 5));
  }

  @Test
  void whatIsOfferedTogetherCountsAsOneByOne() {
    List<Decision> apart = decisionsOnOffers(false);
    List<Decision> together = decisionsOnOffers(true);
    assertThat(together).hasSizeLessThan(apart.size());
    assertThat(together.stream().flatMap(one -> one.events().stream()).toList())
        .hasSizeGreaterThan(3)
        .isEqualTo(apart.stream().flatMap(one -> one.events().stream()).toList());
    assertThat(together.stream().flatMap(one -> one.effects().stream()).toList())
        .isEqualTo(apart.stream().flatMap(one -> one.effects().stream()).toList());
  }

  /** A good one, a bad one and a copy of each of two groups. */
  private static List<Decision> decisionsOnOffers(boolean together) {
    Replay replay = started(Samples.replay(2, 2, 0));
    List<JudgedTrajectory> offered = new ArrayList<>();
    for (Lease lease : leases(replay.demand("node/a", 4, 0))) {
      offered.add(Samples.scored(lease, 0, version(1, FIRST), 1));
      offered.add(
          Samples.judged(
              Samples.trajectory(lease, 1, version(1, FIRST)), new Outcome.Crashed("boom")));
      offered.add(Samples.scored(lease, 0, version(1, FIRST), 1));
    }
    List<Decision> decisions = new ArrayList<>();
    decisions.add(replay.requestBatch(1, 1, FIRST, 0));
    if (together) {
      decisions.add(replay.offer("worker", offered, 0));
    } else {
      offered.forEach(one -> decisions.add(replay.offer("worker", one, 0)));
    }
    decisions.add(replay.demand("node/a", 4, 0));
    return decisions;
  }

  @Test
  void aVerdictOfAnotherVerifierThanTheGroupsIsInvalid() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Lease lease = leases(replay.demand("node/a", 2, 0)).getFirst();
    JudgedTrajectory judged =
        new JudgedTrajectory(
            Samples.trajectory(lease, 0, version(1, FIRST)),
            new VerifierRef("exact", "2", "w"),
            new Outcome.Scored(1),
            Duration.ZERO);
    assertThat(drops(replay.offer("worker", judged, 0)))
        .extracting(Dropped::reason)
        .containsExactly(DropReason.REWARD_INVALID);
  }

  @Test
  void stopsTheRunLoudlyOncePastTheFailureBudget() {
    Replay replay =
        start(
            new Replay(
                Samples.replay(2, 4, 0),
                Samples.reward(OnFailedMember.DROP_MEMBER, 1),
                Samples.rules(Samples.replay(2, 4, 0), OnFailedMember.DROP_MEMBER),
                Samples::task,
                Samples.VERIFIER));
    Lease lease = leases(replay.demand("node/a", 4, 0)).getFirst();
    List<Effect.StopRun> stops = new ArrayList<>();
    for (int member = 0; member < 4; member++) {
      JudgedTrajectory judged =
          Samples.judged(
              Samples.trajectory(lease, member, version(1, FIRST)), new Outcome.Crashed("boom"));
      replay.offer("worker", judged, 0).effects().stream()
          .filter(Effect.StopRun.class::isInstance)
          .map(Effect.StopRun.class::cast)
          .forEach(stops::add);
    }
    assertThat(stops)
        .containsExactly(
            new Effect.StopRun(
                "[2] of [2] verdicts were not a score, [2] of the last [2]; the recipe allows [1]"
                    + " and a share of [1.0]",
                List.of("0.0 REWARD_CRASHED: boom", "0.1 REWARD_CRASHED: boom")));
    assertThat(leases(replay.demand("node/a", 4, 0))).isEmpty();
  }

  // ---- groups ----

  @Test
  void aGroupGoesOnWithoutItsFailedMemberIfTheRecipeSaysSo() {
    Replay replay = started(Samples.replay(1, 3, 0));
    Lease lease = leases(replay.demand("node/a", 3, 0)).getFirst();
    fail(replay, lease, 1);
    offer(replay, lease, 0, FIRST, 1);
    Decision last = offer(replay, lease, 2, FIRST, 0);
    assertThat(batches(last).getFirst().ids()).containsExactly(id(0, 0), id(0, 2));
  }

  @Test
  void aGroupWithFewerThanTwoScoredMembersIsFiltered() {
    Replay replay = started(Samples.replay(1, 3, 0));
    Lease lease = leases(replay.demand("node/a", 3, 0)).getFirst();
    fail(replay, lease, 0);
    fail(replay, lease, 1);
    assertThat(drops(offer(replay, lease, 2, FIRST, 1)))
        .containsExactly(
            new Dropped(id(0, 2), DropReason.FILTERED, "[1] of [3] members have a score"));
    assertThat(replay.ledger().isClosed(0)).isTrue();
  }

  @Test
  void oneFailedMemberEndsItsGroupIfTheRecipeSaysSo() {
    Replay replay =
        start(
            new Replay(
                Samples.replay(1, 3, 0),
                Samples.reward(OnFailedMember.DROP_GROUP, 100),
                Samples.rules(Samples.replay(1, 3, 0), OnFailedMember.DROP_GROUP),
                Samples::task,
                Samples.VERIFIER));
    Lease lease = leases(replay.demand("node/a", 3, 0)).getFirst();
    offer(replay, lease, 0, FIRST, 1);
    Decision failed = fail(replay, lease, 1);
    assertThat(drops(failed))
        .containsExactly(
            new Dropped(id(0, 1), DropReason.REWARD_CRASHED, "boom", 5),
            new Dropped(id(0, 2), DropReason.FILTERED, "its group ended"),
            new Dropped(id(0, 0), DropReason.FILTERED, "its group ended"));
    assertThat(failed.effects())
        .contains(new Effect.Revoke("node/a", lease.id(), List.of(id(0, 2))));
    assertThat(replay.ledger().counts().lawHolds()).isTrue();
  }

  @Test
  void groupsWhoseScoresAreAllEqualAreFilteredAndRefilled() {
    Replay replay = started(Samples.filtering(Samples.replay(1, 2, 0)));
    Lease lease = leases(replay.demand("node/a", 2, 0)).getFirst();
    replay.demand("node/a", 2, 0);
    offer(replay, lease, 0, FIRST, 1);
    Decision last = offer(replay, lease, 1, FIRST, 1);
    assertThat(drops(last)).extracting(Dropped::detail).containsOnly("every score is [1.0]");
    assertThat(leases(last)).extracting(next -> next.group().number()).containsExactly(1L);
  }

  // ---- batches ----

  @Test
  void atLagZeroBatchesAreCutInTaskOrderWhateverCompletesFirst() {
    Replay replay = started(Samples.replay(2, 2, 0));
    List<Lease> leases = leases(replay.demand("node/a", 4, 0));
    offerAll(replay, leases.get(1), FIRST);
    Decision last = offerAll(replay, leases.get(0), FIRST);
    assertThat(batches(last).getFirst().ids())
        .containsExactly(id(0, 0), id(0, 1), id(1, 0), id(1, 1));
  }

  @Test
  void withLagBatchesAreCutInCompletionOrder() {
    Replay replay = started(Samples.replay(1, 2, 1));
    List<Lease> leases = leases(replay.demand("node/a", 4, 0));
    assertThat(batches(offerAll(replay, leases.get(1), FIRST)).getFirst().ids())
        .containsExactly(id(1, 0), id(1, 1));
  }

  @Test
  void askingAgainGivesTheSameBatch() {
    Replay replay = started(Samples.replay(1, 2, 1));
    Lease lease = leases(replay.demand("node/a", 4, 0)).getFirst();
    BatchPlan plan = batches(offerAll(replay, lease, FIRST)).getFirst();
    Decision again = replay.requestBatch(1, 1, FIRST, 0);
    assertThat(batches(again)).containsExactly(plan);
    assertThat(again.events()).noneMatch(LedgerEvent.BatchCut.class::isInstance);
  }

  @Test
  void aBatchOutOfTurnIsRefusedWithWhatCanBeAskedFor() {
    Replay replay = started(Samples.replay(1, 2, 1));
    assertThat(replay.requestBatch(1, 3, FIRST, 0).effects())
        .containsExactly(new Effect.BatchRefused(3, "batches [1..1] can be asked for, got [3]"));
  }

  @Test
  void aLearnerWhoseTimeIsOverGetsNoBatch() {
    Replay replay = started(Samples.replay(1, 2, 1));
    replay.incarnationBegan(2, FIRST, 0, 0);
    assertThat(replay.requestBatch(1, 1, FIRST, 0).effects())
        .containsExactly(new Effect.BatchRefused(1, "incarnation [1] asked, but [2] has begun"));
  }

  @Test
  void dropsGroupWhoseLagExceedsTheLimitAtTheCut() {
    Replay replay = started(Samples.replay(1, 2, 1));
    List<Lease> leases = leases(replay.demand("node/a", 4, 0));
    offerAll(replay, leases.get(0), FIRST);
    replay.updated(version(1, FIRST + 1), 1, false, 0);
    replay.requestBatch(1, 2, FIRST, 0);
    // Members 0 of group 1 is recorded in time for batch 2, member 1 isn't: batch 3 is next.
    offer(replay, leases.get(1), 0, FIRST, 0);
    Lease third = leases(replay.demand("node/a", 2, 0)).getFirst();
    offerAll(replay, third, FIRST + 1);
    replay.updated(version(1, FIRST + 2), 2, false, 0);
    replay.requestBatch(1, 3, FIRST, 0);
    Decision last = offer(replay, leases.get(1), 1, FIRST + 2, 1);
    assertThat(drops(last))
        .containsExactly(
            new Dropped(id(1, 0), DropReason.STALE, "lag [2] in batch [3] exceeds [1]"),
            new Dropped(id(1, 1), DropReason.STALE, "lag [2] in batch [3] exceeds [1]"));
    assertThat(replay.ledger().drops())
        .containsExactly(new DropCount(DropReason.STALE, "hard", 4, 2));
  }

  @Test
  void aTrajectoryThatIsTooOldForAnyBatchEndsItsGroupAtOnce() {
    Replay replay = started(Samples.replay(1, 2, 0));
    Lease lease = leases(replay.demand("node/a", 2, 0)).getFirst();
    Decision old = offer(replay, lease, 0, FIRST - 1, 1);
    assertThat(reception(old)).isEqualTo(Reception.DROPPED);
    assertThat(drops(old)).hasSize(2).extracting(Dropped::reason).containsOnly(DropReason.STALE);
  }

  @Test
  void holdsTheLearnerBackForAStragglerIfTheRecipeSaysSo() {
    ReplaySpecification holding =
        Samples.with(Samples.replay(1, 2, 1), OnStraggler.HOLD, Orphans.ADMIT);
    Replay replay = started(holding);
    List<Lease> leases = leases(replay.demand("node/a", 4, 0));
    offerAll(replay, leases.get(1), FIRST);
    replay.updated(version(1, FIRST + 1), 1, false, 0);
    Lease third = leases(replay.demand("node/a", 2, 0)).getFirst();
    offerAll(replay, third, FIRST + 1);
    Decision asked = replay.requestBatch(1, 2, FIRST, 0);
    assertThat(batches(asked)).isEmpty();
    assertThat(replay.batchWaitsFor())
        .isEqualTo("group [0] is not complete and would be too old for batch [3]");
    assertThat(batches(offerAll(replay, leases.get(0), FIRST)).getFirst().ids())
        .containsExactly(id(0, 0), id(0, 1));
  }

  @Test
  void usesAGroupInAsManyBatchesAsTheRecipeAllows() {
    Replay replay = started(Samples.reusing(Samples.replay(2, 2, 1), 2));
    List<Lease> leases = leases(replay.demand("node/a", 8, 0));
    offerAll(replay, leases.get(0), FIRST);
    assertThat(batches(offerAll(replay, leases.get(1), FIRST))).hasSize(1);
    replay.updated(version(1, FIRST + 1), 1, false, 0);
    replay.requestBatch(1, 2, FIRST, 0);
    BatchPlan second = batches(offerAll(replay, leases.get(2), FIRST)).getFirst();
    assertThat(second.ids()).containsExactly(id(2, 0), id(2, 1), id(0, 0), id(0, 1));
    assertThat(replay.ledger().batchesOf(id(0, 0))).containsExactly(1L, 2L);
    assertThat(replay.ledger().batchesOf(id(1, 0))).containsExactly(1L);
  }

  // ---- checkpoints and incarnations ----

  private static Replay trainedOn(int count) {
    Replay replay = started(Samples.replay(1, 2, 1));
    for (int batch = 1; batch <= count; batch++) {
      long base = FIRST + batch - 1;
      List<Lease> leases = leases(replay.demand("node/a", 2, 0));
      offerAll(replay, leases.getFirst(), base);
      replay.updated(version(1, base + 1), batch, false, 0);
      replay.requestBatch(1, batch + 1, FIRST, 0);
    }
    return replay;
  }

  private static CheckpointRef checkpoint(long batch) {
    return new CheckpointRef(FIRST + batch, 1, "m" + batch);
  }

  @Test
  void aCommitConsumesTheBatchesUpToIt() {
    Replay replay = trainedOn(3);
    Decision committed = replay.checkpointWritten(1, checkpoint(2), 2, FIRST, 0);
    assertThat(committed.effects()).containsExactly(new Effect.CommitAcknowledged(checkpoint(2)));
    assertThat(replay.ledger().counts()).isEqualTo(new LedgerCounts(6, 0, 0, 2, 4, Map.of(), 4));
  }

  @Test
  void aCommitThatIsToldTwiceCountsOnce() {
    Replay replay = trainedOn(3);
    replay.checkpointWritten(1, checkpoint(2), 2, FIRST, 0);
    Decision again = replay.checkpointWritten(1, checkpoint(2), 2, FIRST, 0);
    assertThat(again.events()).isEmpty();
    assertThat(again.effects()).containsExactly(new Effect.CommitAcknowledged(checkpoint(2)));
  }

  @Test
  void aCommitOfAnOldIncarnationIsRefused() {
    Replay replay = trainedOn(3);
    replay.incarnationBegan(2, FIRST, 0, 0);
    assertThat(replay.checkpointWritten(1, checkpoint(2), 2, FIRST, 0).effects())
        .containsExactly(
            new Effect.CommitRefused(checkpoint(2), "it is of incarnation [1], but [2] has begun"));
  }

  @Test
  void aLearnerThatStartsAgainGetsTheSameBatchesAfterItsCheckpoint() {
    Replay replay = trainedOn(3);
    replay.checkpointWritten(1, checkpoint(1), 1, FIRST, 0);
    Optional<List<TrajectoryId>> second = replay.ledger().batch(2);
    assertThat(replay.incarnationBegan(2, FIRST + 1, 1, 0).effects())
        .contains(new Effect.IncarnationAcknowledged(2));
    assertThat(batches(replay.requestBatch(2, 2, FIRST, 0)).getFirst().ids())
        .isEqualTo(second.orElseThrow());
    assertThat(replay.occupancy().inTraining()).isEqualTo(2);
  }

  @Test
  void goingBackToAnOlderCheckpointUnconsumesWhatCameAfterIt() {
    Replay replay = trainedOn(3);
    replay.checkpointWritten(1, checkpoint(1), 1, FIRST, 0);
    replay.checkpointWritten(1, checkpoint(3), 3, FIRST, 0);
    assertThat(replay.ledger().counts().consumed()).isEqualTo(6);
    replay.incarnationBegan(2, FIRST + 1, 1, 0);
    assertThat(replay.ledger().counts()).isEqualTo(new LedgerCounts(6, 0, 0, 4, 2, Map.of(), 2));
    replay.requestBatch(2, 2, FIRST, 0);
    replay.checkpointWritten(2, new CheckpointRef(FIRST + 3, 2, "again"), 3, FIRST, 0);
    assertThat(replay.ledger().counts().consumed()).isEqualTo(6);
    assertThat(replay.ledger().counts().updates()).isEqualTo(6);
  }

  @Test
  void aLearnerMayOnlyStartFromARecordedCommit() {
    Replay replay = trainedOn(3);
    replay.checkpointWritten(1, checkpoint(1), 1, FIRST, 0);
    assertThat(replay.incarnationBegan(2, FIRST + 2, 2, 0).effects())
        .containsExactly(
            new Effect.IncarnationRefused(
                2, "no recorded commit ends with batch [2]; the commits end with [1]"));
  }

  @Test
  void trajectoriesOfVersionsThatDiedAreDroppedIfTheRecipeSaysSo() {
    ReplaySpecification dropping =
        Samples.with(Samples.replay(1, 2, 2), OnStraggler.DROP, Orphans.DROP);
    Replay replay = started(dropping);
    List<Lease> leases = leases(replay.demand("node/a", 6, 0));
    offerAll(replay, leases.get(0), FIRST);
    replay.updated(version(1, FIRST + 1), 1, false, 0);
    offerAll(replay, leases.get(1), FIRST + 1);
    replay.incarnationBegan(2, FIRST, 0, 0);
    replay.requestBatch(2, 1, FIRST, 0);
    Decision cut = replay.requestBatch(2, 2, FIRST, 0);
    assertThat(drops(cut))
        .extracting(Dropped::reason)
        .containsExactly(DropReason.ORPHANED, DropReason.ORPHANED);
  }

  @Test
  void theEndOfTheRunDropsWhatNoBatchUsed() {
    Replay replay = trainedOn(1);
    replay.checkpointWritten(1, checkpoint(1), 1, FIRST, 0);
    replay.demand("node/a", 2, 0);
    Decision ended = replay.endRun("75 updates are made", 0);
    assertThat(ended.events()).last().isEqualTo(new LedgerEvent.RunEnded("75 updates are made"));
    assertThat(replay.ledger().counts())
        .isEqualTo(new LedgerCounts(4, 0, 0, 0, 2, Map.of(DropReason.RUN_ENDED, 2L), 2));
    assertThat(leases(replay.demand("node/a", 2, 0))).isEmpty();
  }

  @Test
  void aLongRunKeepsNoMoreGroupsThanAShortOne() {
    Replay replay = started(Samples.replay(1, 2, 1));
    int open = 0;
    for (int batch = 1; batch <= 5_000; batch++) {
      long base = FIRST + batch - 1;
      offerAll(replay, leases(replay.demand("node/a", 2, 0)).getFirst(), base);
      replay.updated(version(1, base + 1), batch, false, 0);
      replay.requestBatch(1, batch + 1, FIRST, 0);
      if (batch % 10 == 0) {
        replay.checkpointWritten(1, checkpoint(batch), batch, FIRST, 0);
      }
      open = Math.max(open, replay.ledger().openGroups().size());
    }
    assertThat(open).isLessThanOrEqualTo(22);
    assertThat(replay.ledger().closedRangeCount()).isEqualTo(1);
    assertThat(replay.ledger().counts().consumed()).isEqualTo(10_000);
  }

  private static Decision fail(Replay replay, Lease lease, int member) {
    return replay.offer(
        "worker",
        Samples.judged(
            Samples.trajectory(lease, member, version(1, FIRST)), new Outcome.Crashed("boom")),
        0);
  }
}
