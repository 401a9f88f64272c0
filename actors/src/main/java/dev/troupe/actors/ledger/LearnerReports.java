package dev.troupe.actors.ledger;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent.Committed;
import dev.troupe.protocol.ledger.LedgerEvent.IncarnationBegan;
import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.List;
import java.util.Optional;

/** What learners report: their lives, their updates, their checkpoints. */
final class LearnerReports {
  private final ReplayState state;

  LearnerReports(ReplayState state) {
    this.state = state;
  }

  /**
   * A learner began.
   *
   * @return whether this is news
   */
  boolean began(Turn turn, IncarnationBegan began) {
    int incarnation = began.incarnation();
    if (state.ledger().incarnations().isNewest(began)) {
      turn.show(new Effect.IncarnationAcknowledged(incarnation));
      return false;
    }
    Optional<String> refusal = refusal(incarnation, began.lastBatch());
    if (refusal.isPresent()) {
      turn.show(new Effect.IncarnationRefused(incarnation, refusal.get()));
      return false;
    }
    state.learnerIsAt(began.lastBatch(), state.firstUpdate());
    turn.emit(began);
    turn.show(new Effect.IncarnationAcknowledged(incarnation));
    return true;
  }

  /** The learner made an update, and its version is published. */
  void updated(Turn turn, Updated updated) {
    PolicyVersion version = updated.version();
    long batch = updated.batch();
    if (version.incarnation() != state.ledger().incarnation() || batch > state.ledger().lastCut()) {
      turn.show(
          new Effect.IncarnationRefused(
              version.incarnation(),
              "an update of batch [%d] by incarnation [%d] came in incarnation [%d] after cut [%d]"
                  .formatted(
                      batch,
                      version.incarnation(),
                      state.ledger().incarnation(),
                      state.ledger().lastCut())));
    } else if (batch == 0 || batch > state.ledger().trainedBatch()) {
      turn.emit(updated);
      state.trainedThrough(batch);
    }
  }

  /** A checkpoint lies complete on disk; it counts once the commit is recorded. */
  void checkpointWritten(
      Turn turn, int incarnation, CheckpointRef checkpoint, long lastBatch, long firstUpdate) {
    List<Committed> commits = state.ledger().commits();
    if (!commits.isEmpty() && commits.getLast().checkpoint().equals(checkpoint)) {
      turn.show(new Effect.CommitAcknowledged(checkpoint));
    } else if (incarnation != state.ledger().incarnation()) {
      turn.show(
          new Effect.CommitRefused(
              checkpoint,
              "it is of incarnation [%d], but [%d] has begun"
                  .formatted(incarnation, state.ledger().incarnation())));
    } else if (lastBatch < state.ledger().committedBatch()
        || lastBatch > state.ledger().lastCut()) {
      turn.show(
          new Effect.CommitRefused(
              checkpoint,
              "its last batch [%d] is outside [%d..%d], from the last commit to the last cut"
                  .formatted(
                      lastBatch, state.ledger().committedBatch(), state.ledger().lastCut())));
    } else {
      turn.emit(new Committed(checkpoint, lastBatch, firstUpdate));
      turn.show(new Effect.CommitAcknowledged(checkpoint));
    }
  }

  private Optional<String> refusal(int incarnation, long lastBatch) {
    if (incarnation <= state.ledger().incarnation()) {
      return Optional.of("incarnation [%d] has begun".formatted(state.ledger().incarnation()));
    }
    boolean committed =
        state.ledger().commits().stream().anyMatch(commit -> commit.lastBatch() == lastBatch);
    return committed || (lastBatch == 0 && state.ledger().oldestKeptBatch() == 0)
        ? Optional.empty()
        : Optional.of(
            "no recorded commit ends with batch [%d]; the commits end with %s"
                .formatted(
                    lastBatch,
                    state.ledger().commits().stream().map(Committed::lastBatch).toList()));
  }
}
