package dev.troupe.actors.ledger;

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
import java.util.Optional;

/**
 * What the replay side knows: the account, who holds what, what waits for a batch. It changes only
 * by {@link #apply}, the same for a decision and for a journal read back.
 */
final class ReplayState {
  private final Ledger ledger;
  private final LeaseBook leases;
  private final TrajectoryQueue queue;

  /** Batch n makes update firstUpdate + n; empty until the learner or the journal told. */
  private Optional<Long> firstUpdate = Optional.empty();

  /** The learner has trained on the batches up to this one, for all that is known. */
  private long trained;

  private boolean stopped;
  private boolean overBudget;

  /** Whether groups of a verifier that isn't in force may be there that no batch has used. */
  private boolean swapped;

  ReplayState(Ledger ledger, LeaseBook leases, TrajectoryQueue queue) {
    this.ledger = ledger;
    this.leases = leases;
    this.queue = queue;
  }

  Ledger ledger() {
    return ledger;
  }

  LeaseBook leases() {
    return leases;
  }

  TrajectoryQueue queue() {
    return queue;
  }

  Optional<Long> firstUpdate() {
    return firstUpdate;
  }

  long trained() {
    return trained;
  }

  /** A learner trained on batch {@code batch}, or began after it, with this first update. */
  void learnerIsAt(long batch, Optional<Long> first) {
    trained = batch;
    firstUpdate = first;
  }

  void trainedThrough(long batch) {
    trained = Math.max(trained, batch);
  }

  /** Whether too many verdicts were not a score; until somebody forgives that. */
  boolean isOverBudget() {
    return overBudget;
  }

  void overBudget() {
    overBudget = true;
  }

  /** What failed until now is forgiven. */
  void forgive() {
    overBudget = false;
    ledger.failures().forgive();
  }

  /** Whether nothing new begins any more. */
  boolean isStopped() {
    return stopped;
  }

  void stop() {
    stopped = true;
  }

  /** Whether groups of another verifier than the one in force may be unbatched. */
  boolean isSwapped() {
    return swapped;
  }

  /** None are. */
  void allOfOneVerifier() {
    swapped = false;
  }

  /** The only place where the account, the leases and the queue change. */
  void apply(LedgerEvent event, long nowNanos) {
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
      case VerifierChosen _ -> {
        swapped = true;
        overBudget = false;
      }
      case Updated _, IncarnationBegan _, EpochBegan _, RunEnded _, Summarised _ -> {}
    }
  }
}
