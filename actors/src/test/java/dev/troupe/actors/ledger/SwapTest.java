package dev.troupe.actors.ledger;

import static dev.troupe.actors.ledger.Samples.scored;
import static dev.troupe.actors.ledger.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.LedgerEvent.Dropped;
import dev.troupe.protocol.ledger.LedgerEvent.VerifierChosen;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.tensor.IntArray;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Verifiers that are swapped while groups are out. */
class SwapTest {
  private static final long FIRST = 10;
  private static final VerifierRef ONE = Samples.VERIFIER;
  private static final VerifierRef TWO = Samples.verifier(2).ref();

  private final List<LedgerEvent> journal = new ArrayList<>();

  private static Replay replay(ReplaySpecification specification, boolean comparesWholeBatch) {
    return new Replay(
        specification,
        Samples.reward(),
        LedgerRules.of(specification, Samples.reward(), Samples.KEEP_TWO, comparesWholeBatch),
        Samples::task,
        ONE);
  }

  private Replay started(ReplaySpecification specification, boolean comparesWholeBatch) {
    Replay replay = replay(specification, comparesWholeBatch);
    note(replay.begin(1, 0, "machine", 0));
    note(replay.incarnationBegan(1, FIRST, 0, 0));
    note(replay.requestBatch(1, 1, FIRST, 0));
    return replay;
  }

  private Decision note(Decision decision) {
    journal.addAll(decision.events());
    return decision;
  }

  private List<Lease> demand(Replay replay, String holder, int wanted) {
    return note(replay.demand(holder, wanted, 0)).effects().stream()
        .filter(Effect.Grant.class::isInstance)
        .map(effect -> ((Effect.Grant) effect).lease())
        .toList();
  }

  private Decision finish(Replay replay, Lease lease) {
    List<JudgedTrajectory> judged = new ArrayList<>();
    for (int member : lease.members().toArray()) {
      JudgedTrajectory one = scored(lease, member, version(1, FIRST), member);
      judged.add(
          new JudgedTrajectory(
              one.trajectory(), lease.group().verifier(), one.outcome(), one.verifying()));
    }
    return note(replay.offer("worker", judged, 0));
  }

  private static List<List<Long>> batches(Decision decision) {
    return decision.effects().stream()
        .filter(Effect.HandOut.class::isInstance)
        .map(
            effect ->
                ((Effect.HandOut) effect)
                    .plan().groups().stream().map(group -> group.group().number()).toList())
        .toList();
  }

  private static List<Dropped> drops(Decision decision) {
    return decision.events().stream()
        .filter(Dropped.class::isInstance)
        .map(Dropped.class::cast)
        .toList();
  }

  @Test
  void groupsThatHaveBegunKeepTheirVerifier() {
    Replay replay = started(Samples.replay(2, 4, 0), false);
    Lease begun = demand(replay, "node/a", 2).getFirst();
    assertThat(begun.group().verifier()).isEqualTo(ONE);

    Decision swap = note(replay.swap(Samples.verifier(2), 77, 0));
    assertThat(swap.events()).containsExactly(new VerifierChosen(Samples.verifier(2), 1, 77));
    assertThat(swap.effects()).containsExactly(new Effect.VerifierInForce(Samples.verifier(2)));

    List<Lease> rest = demand(replay, "node/b", 100);
    assertThat(rest).extracting(lease -> lease.group().number()).containsExactly(0L, 1L);
    assertThat(rest).extracting(lease -> lease.group().verifier()).containsExactly(ONE, TWO);
    assertThat(replay.verifiersAtWork()).containsExactlyInAnyOrder(ONE, TWO);

    note(replay.nodeLost("node/b", 0));
    List<Lease> again = demand(replay, "node/c", 100);
    assertThat(again).extracting(Lease::attempt).containsOnly(2);
    assertThat(again).extracting(lease -> lease.group().verifier()).containsExactly(ONE, TWO);
  }

  @Test
  void oldVerifiersAreDoneOnceTheirGroupsAre() {
    Replay replay = started(Samples.replay(1, 2, 1), false);
    Lease old = demand(replay, "node/a", 2).getFirst();
    note(replay.swap(Samples.verifier(2), 0, 0));
    assertThat(replay.verifiersAtWork()).containsExactly(ONE);
    finish(replay, old);
    assertThat(replay.verifiersAtWork()).isEmpty();
    assertThat(replay.verifier()).isEqualTo(TWO);
  }

  @Test
  void theSameVerifierAgainChangesNothing() {
    Replay replay = started(Samples.replay(1, 2, 0), false);
    note(replay.swap(Samples.verifier(2), 0, 0));
    Decision again = note(replay.swap(Samples.verifier(2), 1, 0));
    assertThat(again.events()).isEmpty();
    assertThat(again.effects()).containsExactly(new Effect.VerifierInForce(Samples.verifier(2)));
  }

  @Test
  void batchesOfGroupsThatAreComparedAmongThemselvesMayMix() {
    Replay replay = started(Samples.replay(2, 2, 1), false);
    Lease old = demand(replay, "node/a", 2).getFirst();
    note(replay.swap(Samples.verifier(2), 0, 0));
    Lease next = demand(replay, "node/a", 2).getFirst();
    finish(replay, old);
    assertThat(batches(finish(replay, next))).containsExactly(List.of(0L, 1L));
  }

  @Test
  void aBatchThatIsComparedAsAWholeHasOneVerifierAndLeftoversAreDropped() {
    Replay replay = started(Samples.replay(2, 2, 2), true);
    List<Lease> old = demand(replay, "node/a", 6);
    note(replay.swap(Samples.verifier(2), 0, 0));
    List<Lease> next = demand(replay, "node/b", 4);
    assertThat(next).extracting(lease -> lease.group().verifier()).containsOnly(TWO);

    finish(replay, old.get(0));
    assertThat(batches(finish(replay, next.get(0)))).isEmpty();
    Decision cut = finish(replay, old.get(1));
    assertThat(batches(cut)).containsExactly(List.of(0L, 1L));

    Decision later = note(replay.requestBatch(1, 2, FIRST, 0));
    assertThat(drops(cut)).isEmpty();
    assertThat(drops(later))
        .extracting(Dropped::reason)
        .containsExactly(DropReason.SWAPPED, DropReason.SWAPPED);
    assertThat(later.effects())
        .contains(
            new Effect.Revoke(
                "node/a", old.get(2).id(), drops(later).stream().map(Dropped::id).toList()));
    assertThat(batches(finish(replay, next.get(1)))).containsExactly(List.of(3L, 4L));
  }

  @Test
  void theVerifierInForceIsReadBackFromTheJournalAndFromASummary() {
    Replay replay = started(Samples.replay(1, 2, 1), false);
    demand(replay, "node/a", 2);
    note(replay.swap(Samples.verifier(2), 5, 0));
    demand(replay, "node/a", 2);

    Replay folded = replay(Samples.replay(1, 2, 1), false);
    journal.forEach(folded::recover);
    assertThat(folded.verifier()).isEqualTo(TWO);
    assertThat(folded.ledger().verifiers())
        .containsExactly(new VerifierChosen(Samples.verifier(2), 1, 5));

    Decision summary = note(replay.summarise(1, 1));
    Replay summarised = replay(Samples.replay(1, 2, 1), false);
    summarised.startFrom((LedgerEvent.Summarised) summary.events().getFirst());
    journal.forEach(summarised::recover);
    assertThat(summarised.verifier()).isEqualTo(TWO);
    assertThat(summarised.ledger().verifiers()).hasSize(1);
  }

  @Test
  void aTrajectoryThatAnotherVerifierJudgedIsNoRecordOfItsGroup() {
    Ledger ledger = new Ledger(new LedgerRules(1, 1, false, 1, false));
    Lease lease =
        new Lease(
            new LeaseId(1, 1),
            new Group(0, Samples.task(0), 1, ONE),
            IntArray.of(0),
            1,
            Samples.LIMIT);
    ledger.apply(new LedgerEvent.EpochBegan(1, 0, ""));
    ledger.apply(new LedgerEvent.Granted(lease, "node/a"));
    JudgedTrajectory judged =
        new JudgedTrajectory(
            Samples.trajectory(lease, 0, version(1, FIRST)),
            TWO,
            new Outcome.Scored(1),
            Duration.ZERO);
    assertThatThrownBy(() -> ledger.apply(new LedgerEvent.Recorded(judged)))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("trajectory [0.0] was judged by [exact@2 v]");
  }

  @Test
  void onlyTheLastVerifiersAreRememberedAndThoseThatOpenGroupsNeed() {
    Replay replay = started(Samples.replay(1, 2, 1), false);
    note(replay.swap(Samples.verifier(2), 0, 0));
    demand(replay, "node/a", 2);
    for (int swap = 3; swap < 60; swap++) {
      note(replay.swap(Samples.verifier(swap), swap, 0));
    }
    assertThat(replay.ledger().verifiers())
        .hasSize(16)
        .extracting(chosen -> chosen.verifier().ref().version())
        .startsWith("2", "45")
        .endsWith("59");
  }
}
