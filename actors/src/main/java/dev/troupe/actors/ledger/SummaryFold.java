package dev.troupe.actors.ledger;

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
import dev.troupe.protocol.ledger.LedgerEvent.VerifierChosen;
import java.util.Optional;

/**
 * Writes and reads the summary that stands for deleted segments of the journal. While the kept
 * segments are folded up to it, events that it accounts for already are passed over.
 */
final class SummaryFold {
  private final LedgerAccounts its;

  SummaryFold(LedgerAccounts its) {
    this.its = its;
  }

  /**
   * Begins from a summary instead of from nothing: what follows are the events of the kept
   * segments, the summary itself among them.
   */
  void startFrom(Summarised summary) {
    if (its.granted != 0 || its.epoch != 0) {
      throw new LedgerException(
          "a summary comes first, but epoch [%d] has begun".formatted(its.epoch));
    }
    its.catchingUpTo = summary;
    its.closed.restore(summary);
    its.drops.addRows(summary.drops());
    its.granted = summary.granted();
    its.add(TrajectoryState.CONSUMED, summary.consumed());
    its.add(TrajectoryState.DROPPED, its.drops.total());
    its.updates = summary.updates();
    its.forgottenUpdates = summary.updates();
    its.oldestKeptBatch = summary.oldestKeptBatch();
    its.lastCut = its.oldestKeptBatch;
    its.trainedBatch = its.oldestKeptBatch;
    its.committedBatch = its.oldestKeptBatch;
    its.commits.addAll(summary.commits());
    if (its.oldestKeptBatch > 0 && !its.commits.isEmpty()) {
      its.firstUpdate = Optional.of(its.commits.getLast().firstUpdate());
    }
    its.incarnations.restore(summary.incarnations());
    its.verifiers.restore(summary.verifiers());
    for (GroupRange range : summary.closed()) {
      its.nextGroup = Math.max(its.nextGroup, range.last() + 1);
    }
  }

  /**
   * Whether an event of a kept segment is accounted for by the summary that this ledger began with.
   */
  boolean isSummarised(LedgerEvent event) {
    if (its.catchingUpTo == null) {
      return false;
    }
    return switch (event) {
      case Granted grant -> its.closed.contains(grant.lease().group().number());
      case Recorded recorded ->
          its.closed.contains(recorded.trajectory().trajectory().id().group());
      case Dropped dropped -> its.closed.contains(dropped.id().group());
      case Committed committed -> committed.lastBatch() <= its.oldestKeptBatch;
      case Updated updated -> updated.batch() <= its.oldestKeptBatch;
      case VerifierChosen _ -> true;
      case BatchCut _, EpochBegan _, IncarnationBegan _, RunEnded _, Summarised _ -> false;
    };
  }

  void onSummarised(Summarised summary) {
    if (!summary.equals(its.catchingUpTo)) {
      return;
    }
    its.catchingUpTo = null;
    if (its.granted != summary.grantedSoFar() || its.lastCut != summary.cutSoFar()) {
      throw new LedgerException(
          "the kept segments lead to [%d] granted and [%d] cut, their summary says [%d] and [%d]"
              .formatted(its.granted, its.lastCut, summary.grantedSoFar(), summary.cutSoFar()));
    }
    its.skippedUpdates = summary.skippedUpdates();
    its.failures.restart(summary.verdicts(), summary.failures());
    if (!summary.verifiers().isEmpty()) {
      its.failures.forgive();
    }
  }

  /** Accounts for the closed groups, so that the segments before the named one can go. */
  Summarised summarise(int firstEpoch, int firstSequence) {
    return new Summarised(
        firstEpoch,
        firstSequence,
        its.closed.ranges(),
        its.closed.granted(),
        its.closed.consumed(),
        its.closed.drops(),
        its.forgottenUpdates,
        its.oldestKeptBatch,
        its.commits.stream().filter(commit -> commit.lastBatch() <= its.oldestKeptBatch).toList(),
        its.incarnations.begun(),
        its.granted,
        its.lastCut,
        its.skippedUpdates,
        its.failures.verdicts(),
        its.failures.failures(),
        its.verifiers.all());
  }
}
