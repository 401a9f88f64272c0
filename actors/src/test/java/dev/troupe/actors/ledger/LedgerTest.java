package dev.troupe.actors.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropCount;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.GroupRange;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger(new LedgerRules(1, 1, false, 1, false));

  private static Lease lease(long group, int attempt, int... members) {
    return new Lease(
        new LeaseId(1, 1),
        new Group(group, Samples.task(group), 2, Samples.VERIFIER),
        IntArray.of(members),
        attempt,
        Samples.LIMIT);
  }

  private void grant(long group) {
    ledger.apply(new LedgerEvent.Granted(lease(group, 1, 0, 1), "node/a"));
  }

  private void record(long group, int member) {
    ledger.apply(
        new LedgerEvent.Recorded(
            Samples.scored(lease(group, 1, 0, 1), member, Samples.version(1, 0), 1)));
  }

  private static TrajectoryId id(long group, int member) {
    return new TrajectoryId(group, member);
  }

  @Test
  void aTrajectoryGoesFromLeasedToConsumed() {
    grant(0);
    assertThat(ledger.state(id(0, 0))).contains(TrajectoryState.LEASED);
    record(0, 0);
    assertThat(ledger.state(id(0, 0))).contains(TrajectoryState.RECORDED);
    ledger.apply(new LedgerEvent.BatchCut(1, List.of(id(0, 0))));
    assertThat(ledger.state(id(0, 0))).contains(TrajectoryState.BATCHED);
    ledger.apply(new LedgerEvent.Committed(new CheckpointRef(1, 1, "m"), 1, 0));
    assertThat(ledger.state(id(0, 0))).contains(TrajectoryState.CONSUMED);
    assertThat(ledger.counts()).isEqualTo(new LedgerCounts(2, 1, 0, 0, 1, Map.of(), 1));
  }

  @Test
  void refusesWhatDoesNotFitAndSaysWhy() {
    grant(0);
    record(0, 0);
    assertThatThrownBy(() -> record(0, 0))
        .isInstanceOf(LedgerException.class)
        .hasMessage("trajectory [0.0] was recorded although it is RECORDED");
    assertThatThrownBy(() -> grant(0))
        .hasMessage("attempt [1] of trajectory [0.0] was granted after attempt [1]");
    assertThatThrownBy(() -> ledger.apply(new LedgerEvent.BatchCut(1, List.of(id(0, 0), id(0, 0)))))
        .hasMessage("batch [1] names trajectory [0.0] twice");
    assertThatThrownBy(() -> ledger.apply(new LedgerEvent.BatchCut(2, List.of())))
        .hasMessage("batch [2] was cut after batch [0]");
    assertThatThrownBy(
            () -> ledger.apply(new LedgerEvent.Committed(new CheckpointRef(1, 1, "m"), 1, 0)))
        .hasMessage("a checkpoint committed batch [1], which is outside [0..0]");
    assertThatThrownBy(() -> ledger.apply(new LedgerEvent.Dropped(id(7, 0), DropReason.STALE, "")))
        .hasMessage("group [7] is unknown");
  }

  @Test
  void onlyScoresAreRecorded() {
    grant(0);
    assertThatThrownBy(
            () ->
                ledger.apply(
                    new LedgerEvent.Recorded(
                        Samples.judged(
                            Samples.trajectory(lease(0, 1, 0, 1), 0, Samples.version(1, 0)),
                            new Outcome.Invalid("no number")))))
        .hasMessageContaining("only scored trajectories are recorded");
  }

  @Test
  void aBrokenLawNamesItsNumbers() {
    LedgerCounts counts = new LedgerCounts(10, 1, 2, 3, 1, Map.of(DropReason.STALE, 2L), 0);
    assertThatThrownBy(counts::check)
        .hasMessage(
            "the conservation law is broken: granted [10] ≠ leased [1] + recorded [2] + batched [3]"
                + " + consumed [1] + dropped [2]");
    new LedgerCounts(9, 1, 2, 3, 1, Map.of(DropReason.STALE, 2L), 0).check();
  }

  @Test
  void countsDropsByReasonDifficultyAndLength() {
    grant(0);
    grant(1);
    record(0, 0);
    ledger.apply(new LedgerEvent.Dropped(id(0, 0), DropReason.STALE, ""));
    ledger.apply(new LedgerEvent.Dropped(id(0, 1), DropReason.STALE, ""));
    ledger.apply(new LedgerEvent.Dropped(id(1, 0), DropReason.REWARD_CRASHED, "", 100));
    assertThat(ledger.drops())
        .containsExactly(
            new DropCount(DropReason.STALE, "easy", 0, 1),
            new DropCount(DropReason.STALE, "easy", 4, 1),
            new DropCount(DropReason.REWARD_CRASHED, "hard", 64, 1));
  }

  @Test
  void aSupervisedCheckpointThatALearnerWentBackBeforeDoesNotCount() {
    Ledger keepsTwo = new Ledger(new LedgerRules(1, 1, false, 2, false));
    CheckpointRef early = new CheckpointRef(100, 1, "a".repeat(64));
    CheckpointRef late = new CheckpointRef(120, 1, "b".repeat(64));
    keepsTwo.apply(new LedgerEvent.IncarnationBegan(1, 0, 0));
    keepsTwo.apply(new LedgerEvent.Committed(early, 0, 100));
    keepsTwo.apply(new LedgerEvent.Committed(late, 0, 120));
    keepsTwo.apply(new LedgerEvent.IncarnationBegan(2, 100, 0));
    assertThat(keepsTwo.commits())
        .extracting(LedgerEvent.Committed::checkpoint)
        .containsExactly(early);
  }

  @Test
  void goesOnFromASummaryOfWhatIsOver() {
    grant(0);
    ledger.apply(new LedgerEvent.Dropped(id(0, 0), DropReason.STALE, ""));
    ledger.apply(new LedgerEvent.Dropped(id(0, 1), DropReason.STALE, ""));
    grant(1);
    LedgerEvent.Summarised summary = ledger.summarise(1, 4);
    assertThat(summary.closed()).containsExactly(new GroupRange(0, 0));
    Ledger next = new Ledger(new LedgerRules(1, 1, false, 1, false));
    next.startFrom(summary);
    next.apply(new LedgerEvent.Dropped(id(0, 1), DropReason.STALE, ""));
    next.apply(new LedgerEvent.Granted(lease(1, 1, 0, 1), "node/a"));
    next.apply(summary);
    assertThat(next.counts()).isEqualTo(ledger.counts());
    assertThat(next.isClosed(0)).isTrue();
  }

  @Test
  void aSummaryThatDoesNotFitTheKeptSegmentsIsRefused() {
    grant(0);
    grant(1);
    LedgerEvent.Summarised summary = ledger.summarise(1, 4);
    Ledger next = new Ledger(new LedgerRules(1, 1, false, 1, false));
    next.startFrom(summary);
    next.apply(new LedgerEvent.Granted(lease(1, 1, 0, 1), "node/a"));
    assertThatThrownBy(() -> next.apply(summary))
        .hasMessage(
            "the kept segments lead to [2] granted and [0] cut, their summary says [4] and [0]");
  }

  @Test
  void rangesHoldExactlyWhatWasAdded() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      GroupRanges ranges = new GroupRanges();
      Set<Long> plain = new HashSet<>();
      for (int i = 0; i < 60; i++) {
        long first = random.nextInt(80);
        long last = first + random.nextInt(4);
        ranges.addRange(first, last);
        for (long group = first; group <= last; group++) {
          plain.add(group);
        }
      }
      for (long group = -1; group < 90; group++) {
        assertThat(ranges.contains(group))
            .as("seed %s, group %s", seed, group)
            .isEqualTo(plain.contains(group));
      }
    }
  }

  @Test
  void theFailureWindowForgetsOldVerdicts() {
    FailureWindow window = new FailureWindow();
    window.failed("first");
    for (int i = 0; i < 999; i++) {
      window.scored();
    }
    assertThat(window.failuresInWindow()).isEqualTo(1);
    window.scored();
    assertThat(window.failuresInWindow()).isZero();
    assertThat(window.failures()).isEqualTo(1);
    assertThat(window.verdicts()).isEqualTo(1_001);
  }

  @Test
  void theOutboxKeepsOrderAndWaitsForTheSync() {
    Outbox outbox = new Outbox();
    Effect first = new Effect.IncarnationAcknowledged(1);
    Effect second = new Effect.IncarnationAcknowledged(2);
    outbox.add(3, List.of(first));
    outbox.add(3, List.of(second));
    outbox.synced(2);
    assertThat(outbox.release()).isEmpty();
    outbox.synced(3);
    assertThat(outbox.release()).containsExactly(first, second);
    assertThat(outbox.size()).isZero();
  }

  @Test
  void theGateIsOpenBelowItsBoundOnly() {
    LagGate gate = new LagGate(2, 4);
    assertThat(gate.groupsMax()).isEqualTo(12);
    assertThat(gate.isOpen(3, 4, 4)).isTrue();
    assertThat(gate.isOpen(4, 4, 4)).isFalse();
    assertThat(gate.oldestUpdate(100, 5, 0)).isEqualTo(102);
    assertThat(gate.oldestUpdate(100, 5, 7)).isEqualTo(103);
    assertThat(gate.oldestUpdate(0, 1, 0)).isZero();
  }
}
