package dev.troupe.actors.journal;

import dev.troupe.actors.ledger.BatchPlan;
import dev.troupe.actors.ledger.Decision;
import dev.troupe.actors.ledger.Effect;
import dev.troupe.actors.ledger.Outbox;
import dev.troupe.actors.ledger.Replay;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.run.ReplaySpecification;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * The replay side's decisions together with their journal: the write-ahead rule in one place.
 *
 * <pre>
 *   decision = replay.offer(...)           decide, in memory
 *   effects  = books.carryOut(decision)    append; effects that may leave at once
 *   ...
 *   effects  = books.synced(position)      effects that may leave now (from the listener's synced)
 * </pre>
 *
 * Every decision must be carried out, in the order they were made. One thread at a time, except
 * {@link #assemble}. Nothing here waits for the disk: while much is not synced, {@link Replay}
 * grants nothing, and while {@link #isFull} the caller should turn offers away.
 */
public final class Books implements AutoCloseable {
  /**
   * Events that may wait for the disk: at half of them grants stop, at all of them offers should.
   */
  static final int UNSYNCED_EVENTS_MAX = 16_384;

  private final Replay replay;
  private final JournalWriter writer;
  private final BatchShelf shelf;
  private final Optional<Retention> retention;
  private final Optional<Trimmer> trimmer;
  private final Outbox outbox = new Outbox();
  private long appended;
  private long synced;

  private Books(
      Replay replay,
      JournalWriter writer,
      BatchShelf shelf,
      Optional<Retention> retention,
      Optional<Trimmer> trimmer) {
    this.replay = replay;
    this.writer = writer;
    this.shelf = shelf;
    this.retention = retention;
    this.trimmer = trimmer;
  }

  /** What {@link #open} found and made. */
  public record Opened(Books books, Recovery.Report recovered, List<Effect> effects) {}

  /**
   * Takes a run's journal over and begins a new epoch.
   *
   * @param owner who takes over, for people: process, machine, time
   * @param replay fresh
   * @param unixMillis the wall clock, for people who read the journal
   * @param machine processor and thread counts, for comparing replays
   * @param freeBytes free space on the journal's disk
   * @param listener hears of syncs and failures on the writer's thread; {@link
   *     JournalListener#synced} must lead to {@link #synced} here
   */
  public static Opened open(
      Path journal,
      Path epochs,
      String owner,
      Replay replay,
      ReplaySpecification specification,
      long unixMillis,
      String machine,
      long nowNanos,
      LongSupplier freeBytes,
      ThreadFactory threads,
      JournalListener listener) {
    int heldMax = (specification.policyLagMax() + 2) * specification.batchTrajectories();
    BatchShelf shelf = new BatchShelf(journal, heldMax);
    Optional<Retention> retention =
        switch (specification.journalRetain()) {
          case ALL -> Optional.empty();
          case SINCE_OLDEST_CHECKPOINT ->
              Optional.of(new Retention(journal, specification.journalSegmentBytes()));
        };
    Optional<Trimmer> trimmer =
        retention.map(
            it ->
                new Trimmer(
                    it,
                    threads,
                    e ->
                        listener.failed(
                            new JournalFailure.Broken(journal, "deleting segments: " + e))));
    Noting noting = new Noting(shelf, retention, trimmer, listener);
    Recovery.Report recovered = Recovery.takeOver(journal, epochs, owner, replay, noting::found);
    shelf.forgetGroups(replay.ledger()::isClosed);
    JournalWriter writer =
        JournalWriter.start(
            journal,
            recovered.claim(),
            JournalWriter.Settings.of(
                specification.journalSegmentBytes(), specification.diskFreeMin()),
            freeBytes,
            threads,
            noting);
    Books books = new Books(replay, writer, shelf, retention, trimmer);
    int epoch = recovered.claim().epoch();
    List<Effect> effects = books.carryOut(replay.begin(epoch, unixMillis, machine, nowNanos));
    return new Opened(books, recovered, effects);
  }

  /** Appends a decision's events; returns the effects that may leave at once. */
  public List<Effect> carryOut(Decision decision) {
    boolean committed = false;
    for (LedgerEvent event : decision.events()) {
      if (event instanceof LedgerEvent.Recorded recorded) {
        shelf.put(recorded.trajectory());
      }
      committed |= event instanceof LedgerEvent.Committed;
    }
    appended = writer.append(decision.events());
    outbox.add(appended, decision.effects());
    if (committed) {
      shelf.forgetGroups(replay.ledger()::isClosed);
      retention.ifPresent(this::summarise);
    }
    pushBack();
    return outbox.release();
  }

  private void summarise(Retention it) {
    Optional<SegmentName> first = it.firstToKeep(replay.openGroups());
    if (first.isPresent()) {
      writer.nextSegment();
      Decision summary = replay.summarise(first.get().epoch(), first.get().sequence());
      appended = writer.append(summary.events());
      it.summarised(appended, first.get());
    }
  }

  /** The journal is synced through {@code position}; returns the effects that may leave now. */
  public List<Effect> synced(long position) {
    synced = Math.max(synced, position);
    outbox.synced(position);
    pushBack();
    return outbox.release();
  }

  private void pushBack() {
    replay.journalIsBehind(appended - synced > UNSYNCED_EVENTS_MAX / 2);
  }

  /** Position of the last event that was carried out. */
  public long appended() {
    return appended;
  }

  /**
   * Whether so much waits for the disk that offers should be turned away; their samplers keep them
   * and offer them again.
   */
  public boolean isFull() {
    return appended - synced >= UNSYNCED_EVENTS_MAX;
  }

  /** A batch with its content; may read from disk, on any thread. */
  public Batch assemble(BatchPlan plan) {
    return shelf.assemble(plan);
  }

  /** Compares free disk with the minimum now. */
  public void lookAtDisk() {
    writer.lookAtDisk();
  }

  /** Effects that wait for a sync. */
  public int effectsWaiting() {
    return outbox.size();
  }

  /** Writes and syncs what waits, then stops. */
  @Override
  public void close() {
    writer.close();
    trimmer.ifPresent(Trimmer::close);
  }

  /** Tells shelf and retention where things lie, and passes on. */
  private record Noting(
      BatchShelf shelf,
      Optional<Retention> retention,
      Optional<Trimmer> trimmer,
      JournalListener listener)
      implements JournalListener {
    void found(LedgerEvent event, Location at) {
      note(event, at);
      listener.recovered(event);
    }

    void note(LedgerEvent event, Location at) {
      shelf.written(event, at);
      retention.ifPresent(it -> it.written(event, at));
    }

    /** Deleting comes last, and elsewhere: nobody's answer waits for it. */
    @Override
    public void synced(long position) {
      listener.synced(position);
      retention
          .flatMap(it -> it.synced(position))
          .ifPresent(first -> trimmer.ifPresent(it -> it.trim(first)));
    }

    @Override
    public void written(LedgerEvent event, Location at) {
      note(event, at);
      listener.written(event, at);
    }

    @Override
    public void failed(JournalFailure failure) {
      listener.failed(failure);
    }

    @Override
    public void diskLow(boolean low, long freeBytes) {
      listener.diskLow(low, freeBytes);
    }

    @Override
    public void beforeSync() {
      listener.beforeSync();
    }
  }
}
