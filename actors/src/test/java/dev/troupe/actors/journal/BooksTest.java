package dev.troupe.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.journal.JournalFixture.Heard;
import dev.troupe.actors.ledger.BatchPlan;
import dev.troupe.actors.ledger.Effect;
import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.actors.ledger.Replay;
import dev.troupe.actors.ledger.Samples;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.JournalRetain;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BooksTest {
  private static final ReplaySpecification SPECIFICATION = Samples.replay(1, 2, 1);
  private static final LedgerRules RULES =
      LedgerRules.of(SPECIFICATION, Samples.reward(), Samples.KEEP_TWO, false);

  @TempDir Path root;
  private final Heard heard = new Heard();
  private Replay replay;
  private Books books;

  @BeforeEach
  void open() {
    reopen(root, SPECIFICATION, Thread::new);
  }

  private List<Effect> reopen() {
    return reopen(root, SPECIFICATION);
  }

  private List<Effect> reopen(Path at, ReplaySpecification specification) {
    return reopen(at, specification, Thread::new);
  }

  private List<Effect> reopen(Path at, ReplaySpecification specification, ThreadFactory threads) {
    heard.synced.clear();
    replay = Samples.replayOf(specification);
    Books.Opened opened =
        Books.open(
            at.resolve("journal"),
            at.resolve("epochs"),
            "test",
            replay,
            specification,
            0,
            "machine",
            1,
            () -> Long.MAX_VALUE,
            threads,
            heard);
    books = opened.books();
    return opened.effects();
  }

  /** Waits until all that was appended is synced; gives the effects that left. */
  private List<Effect> settle() throws InterruptedException {
    List<Effect> effects = new ArrayList<>();
    while (books.effectsWaiting() > 0) {
      effects.addAll(books.synced(heard.synced.take()));
    }
    return effects;
  }

  /** Two lots of work, sampled and judged, in batches 1 and 2; batch 1 is committed. */
  private CheckpointRef runTwoBatches() throws InterruptedException {
    books.carryOut(replay.incarnationBegan(1, 10, 0, 1));
    books.carryOut(replay.requestBatch(1, 1, 10, 1));
    books.carryOut(replay.demand("node/worker", 4, 1));
    List<Lease> leases =
        settle().stream()
            .filter(Effect.Grant.class::isInstance)
            .map(effect -> ((Effect.Grant) effect).lease())
            .toList();
    for (Lease lease : leases) {
      for (int member = 0; member < 2; member++) {
        books.carryOut(
            replay.offer("w", Samples.scored(lease, member, Samples.version(1, 10), member), 1));
      }
    }
    books.carryOut(replay.updated(Samples.version(1, 11), 1, false, 1));
    books.carryOut(replay.requestBatch(1, 2, 10, 1));
    CheckpointRef checkpoint = new CheckpointRef(11, 1, "abc");
    books.carryOut(replay.checkpointWritten(1, checkpoint, 1, 10, 1));
    assertThat(settle()).contains(new Effect.CommitAcknowledged(checkpoint));
    return checkpoint;
  }

  @Test
  void letsNoEffectLeaveBeforeItsSync() throws Exception {
    assertThat(books.carryOut(replay.incarnationBegan(1, 10, 0, 1))).isEmpty();
    assertThat(settle()).containsExactly(new Effect.IncarnationAcknowledged(1));
    books.close();
  }

  @Test
  void afterARestartTheAccountIsTheSameAndTheBatchIsGivenAgain() throws Exception {
    runTwoBatches();
    LedgerCounts before = replay.ledger().counts();
    Batch batch = books.assemble(planOf(2));
    books.close();
    reopen();
    assertThat(replay.ledger().counts()).isEqualTo(before);
    assertThat(before).isEqualTo(new LedgerCounts(4, 0, 0, 2, 2, Map.of(), 2));
    assertThat(books.assemble(planOf(2))).isEqualTo(batch);
    books.close();
  }

  private BatchPlan planOf(long number) {
    return planOf(1, number);
  }

  private BatchPlan planOf(int incarnation, long number) {
    return replay.requestBatch(incarnation, number, 10, 1).effects().stream()
        .filter(Effect.HandOut.class::isInstance)
        .map(effect -> ((Effect.HandOut) effect).plan())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theAuditProvesAnOrderlyRun() throws Exception {
    CheckpointRef checkpoint = runTwoBatches();
    books.close();
    Audit.Report report = audit(checkpoint);
    assertThat(report.findings()).isEmpty();
    assertThat(report.counts()).contains(new LedgerCounts(4, 0, 0, 2, 2, Map.of(), 2));
    assertThat(report.pairs()).isEqualTo(4);
    assertThat(report.lines())
        .contains(
            "The books are in order: each of the [4] trajectories is accounted for, and no update"
                + " used one twice.",
            "  law      granted [4] = leased [0] + recorded [0] + batched [2] + consumed [2] +"
                + " dropped [0]",
            "  batches  [2] with [4] (trajectory, update) pairs");
  }

  @Test
  void theAuditMissesACommittedCheckpointAndNotesAnUncommittedOne() throws Exception {
    runTwoBatches();
    books.close();
    Audit.Report report = audit(new CheckpointRef(12, 1, "def"));
    assertThat(report.holds()).isFalse();
    assertThat(report.findings())
        .extracting(Audit.Finding::text)
        .satisfiesExactly(
            text -> assertThat(text).contains("the last commit names", "abc"),
            text -> assertThat(text).contains("was never committed", "def"));
  }

  @Test
  void theAuditFindsACheckpointWithAnotherManifest() throws Exception {
    runTwoBatches();
    books.close();
    assertThat(audit(new CheckpointRef(11, 1, "forged")).holds()).isFalse();
  }

  @Test
  void theAuditFindsATrajectoryThatCountsTwice() throws Exception {
    CheckpointRef checkpoint = runTwoBatches();
    var first = replay.ledger().batch(1).orElseThrow();
    books.close();
    JournalFixture fixture = new JournalFixture(root);
    Heard each = new Heard();
    JournalWriter forger = fixture.takeOver(each);
    each.awaitSynced(forger.append(List.of(new LedgerEvent.BatchCut(3, first))));
    forger.close();
    Audit.Report report = audit(checkpoint);
    assertThat(report.holds()).isFalse();
    assertThat(report.findings().getFirst().text())
        .contains("000002-000001.log at byte [0]", "was used in [1]", "allows [1] uses");
  }

  @Test
  void theAuditNamesFileAndOffsetOfDamage() throws Exception {
    CheckpointRef checkpoint = runTwoBatches();
    books.close();
    Path file = root.resolve("journal/000001-000001.log");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {99}), 40);
    }
    assertThat(audit(checkpoint).findings())
        .extracting(Audit.Finding::text)
        .singleElement()
        .asString()
        .contains("000001-000001.log", "damaged at byte");
    assertThatThrownBy(this::reopen).isInstanceOf(DamagedJournalException.class);
  }

  @Test
  void holdsFewTrajectoriesInMemoryAndReadsTheOthersBack() throws Exception {
    BatchShelf shelf = new BatchShelf(root.resolve("journal"), 1);
    runTwoBatches();
    Batch wanted = books.assemble(planOf(1));
    books.close();
    var lengths =
        new TreeMap<>(
            JournalReader.open(root.resolve("journal"), root.resolve("epochs")).segments());
    new JournalReader(root.resolve("journal"), lengths)
        .forEach(
            (event, at) -> {
              if (event instanceof LedgerEvent.Recorded recorded) {
                shelf.put(recorded.trajectory());
              }
              shelf.written(event, at);
            });
    assertThat(shelf.heldCount()).isEqualTo(1);
    assertThat(shelf.placeCount()).isEqualTo(4);
    assertThat(shelf.assemble(planOf(1))).isEqualTo(wanted);
    shelf.forgetGroups(group -> group == 0);
    assertThat(shelf.placeCount()).isEqualTo(2);
  }

  /** Batches of one lease each, a checkpoint after every fifth, which is returned. */
  private CheckpointRef runBatches(int batches) throws InterruptedException {
    books.carryOut(replay.incarnationBegan(1, 10, 0, 1));
    books.carryOut(replay.requestBatch(1, 1, 10, 1));
    CheckpointRef last = new CheckpointRef(10, 1, "none");
    for (int batch = 1; batch <= batches; batch++) {
      books.carryOut(replay.demand("node/worker", 2, 1));
      Lease lease =
          settle().stream()
              .filter(Effect.Grant.class::isInstance)
              .map(effect -> ((Effect.Grant) effect).lease())
              .findFirst()
              .orElseThrow();
      for (int member = 0; member < 2; member++) {
        books.carryOut(
            replay.offer(
                "w", Samples.scored(lease, member, Samples.version(1, 9 + batch), member), 1));
      }
      books.carryOut(replay.updated(Samples.version(1, 10 + batch), batch, false, 1));
      books.carryOut(replay.requestBatch(1, batch + 1, 10, 1));
      if (batch % 5 == 0) {
        last = new CheckpointRef(10 + batch, 1, "m" + batch);
        books.carryOut(replay.checkpointWritten(1, last, batch, 10, 1));
      }
      settle();
    }
    return last;
  }

  @Test
  void theJournalGoesOnWhileSegmentsAreBeingDeleted() throws Exception {
    books.close();
    Path other = root.resolve("retaining");
    CountDownLatch mayDelete = new CountDownLatch(1);
    AtomicInteger made = new AtomicInteger();
    ThreadFactory slowToDelete =
        work -> new Thread(made.getAndIncrement() == 0 ? work : after(mayDelete, work));
    reopen(
        other,
        Samples.retaining(SPECIFICATION, JournalRetain.SINCE_OLDEST_CHECKPOINT, 4_000),
        slowToDelete);
    runBatches(100);
    assertThat(made.get()).as("deletions that were begun").isGreaterThan(2);
    assertThat(Seals.segments(other.resolve("journal")).getFirst().sequence()).isEqualTo(1);
    mayDelete.countDown();
    books.close();
    assertThat(Seals.segments(other.resolve("journal")).getFirst().sequence()).isGreaterThan(5);
  }

  private static Runnable after(CountDownLatch latch, Runnable work) {
    return () -> {
      try {
        latch.await();
        work.run();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    };
  }

  @Test
  void deletesSegmentsThatNobodyNeedsAndStillProvesEverything() throws Exception {
    books.close();
    Path other = root.resolve("retaining");
    ReplaySpecification retaining =
        Samples.retaining(SPECIFICATION, JournalRetain.SINCE_OLDEST_CHECKPOINT, 4_000);
    reopen(other, retaining);
    CheckpointRef last = runBatches(100);
    LedgerCounts before = replay.ledger().counts();
    books.close();

    List<SegmentName> left = Seals.segments(other.resolve("journal"));
    assertThat(left.getFirst().sequence()).isGreaterThan(5);
    assertThat(left.size()).isLessThan(10);
    Audit.Report report =
        Audit.of(other.resolve("journal"), other.resolve("epochs"), RULES, List.of(last));
    assertThat(report.findings()).isEmpty();
    assertThat(report.counts()).contains(before);
    assertThat(report.pairs()).isEqualTo(200);
    assertThat(before).isEqualTo(new LedgerCounts(200, 0, 0, 0, 200, Map.of(), 200));

    reopen(other, retaining);
    assertThat(replay.ledger().counts()).isEqualTo(before);
    books.carryOut(replay.incarnationBegan(2, 105, 95, 1));
    assertThat(books.assemble(planOf(2, 96)).groups()).hasSize(1);
    books.close();
  }

  @Test
  void grantsNothingWhileTooMuchWaitsForTheDiskAndTurnsOffersAway() throws Exception {
    books.carryOut(replay.incarnationBegan(1, 10, 0, 1));
    books.carryOut(replay.requestBatch(1, 1, 10, 1));
    settle();
    for (int update = 0; update <= Books.UNSYNCED_EVENTS_MAX / 2; update++) {
      books.carryOut(replay.updated(Samples.version(1, 10), 0, false, 1));
    }
    assertThat(replay.demand("node/worker", 2, 1).events()).isEmpty();
    assertThat(books.isFull()).isFalse();
    for (int update = 0; update < Books.UNSYNCED_EVENTS_MAX / 2; update++) {
      books.carryOut(replay.updated(Samples.version(1, 10), 0, false, 1));
    }
    assertThat(books.isFull()).isTrue();
    books.carryOut(replay.requestBatch(1, 99, 10, 1));
    assertThat(settle()).hasExactlyElementsOfTypes(Effect.BatchRefused.class);
    assertThat(books.isFull()).isFalse();
    assertThat(replay.tick(2).effects()).hasExactlyElementsOfTypes(Effect.Grant.class);
  }

  private Audit.Report audit(CheckpointRef... checkpoints) throws IOException {
    return Audit.of(root.resolve("journal"), root.resolve("epochs"), RULES, List.of(checkpoints));
  }
}
