package dev.troupe.actors.learner;

import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A learner's checkpoints on their way: being saved, written, and counting once the replay actor
 * has recorded their commit; and which older ones stay.
 */
final class LearnerCheckpoints {
  /** Evaluated updates whose checkpoints stay while they might turn out the best. */
  private static final int EVALUATIONS_UNDER_WAY = 2;

  private final ArrayDeque<Long> judged = new ArrayDeque<>();
  private Optional<ReplayActor.CheckpointWritten> uncommitted = Optional.empty();
  private Optional<CheckpointRef> committed = Optional.empty();
  private int savesUnderWay;
  private long bestUpdate = -1;

  /** The one that the learner begins from, if there is one. */
  void beginFrom(Optional<CheckpointRef> checkpoint) {
    committed = checkpoint;
  }

  void saving() {
    savesUnderWay++;
  }

  /** It is on the disk, and counts once its commit is recorded. */
  void saved(ReplayActor.CheckpointWritten written) {
    savesUnderWay--;
    uncommitted = Optional.of(written);
  }

  void committed(CheckpointRef checkpoint) {
    committed = Optional.of(checkpoint);
    uncommitted = uncommitted.filter(written -> !written.checkpoint().equals(checkpoint));
  }

  boolean isSaving() {
    return savesUnderWay > 0;
  }

  /** The newest that counts. */
  Optional<CheckpointRef> committed() {
    return committed;
  }

  /** The newest that is written and doesn't count yet. */
  Optional<ReplayActor.CheckpointWritten> uncommitted() {
    return uncommitted;
  }

  /** Whether the newest that counts has the weights of {@code update}. */
  boolean has(long update) {
    return committed.filter(ref -> ref.update() == update).isPresent();
  }

  /** Whether the learner may end with the weights of {@code update}. */
  boolean isSafe(long update) {
    return has(update) && uncommitted.isEmpty();
  }

  /** Whether nobody saves the weights of {@code update} or has saved them. */
  boolean isMissing(long update) {
    return !isSaving()
        && uncommitted.filter(written -> written.checkpoint().update() == update).isEmpty();
  }

  /** {@code update} is evaluated: until that has ended nobody knows whether it is the best. */
  void awaitVerdict(long update) {
    judged.addLast(update);
    if (judged.size() > EVALUATIONS_UNDER_WAY) {
      judged.removeFirst();
    }
  }

  /** The weights of {@code update} are the best so far. */
  void best(long update) {
    bestUpdate = update;
  }

  /** Updates whose checkpoints stay, however old they are. */
  Set<Long> kept() {
    Set<Long> kept = new HashSet<>(judged);
    kept.add(bestUpdate);
    return kept;
  }
}
