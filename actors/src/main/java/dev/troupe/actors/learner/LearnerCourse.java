package dev.troupe.actors.learner;

import dev.troupe.protocol.batch.Batch;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a life of the learner stands, and what it does next whenever its engine is free.
 *
 * <pre>
 *   unopened ─▶ open ─▶ begun ─▶ supervised steps ─▶ announced ─▶ updates ─▶ last checkpoint
 * </pre>
 */
final class LearnerCourse {

  /** What comes next. */
  enum Step {
    /** Something that is under way, or a message. */
    WAIT,
    PRETRAIN,
    /** The version that reinforcement learning begins with is published. */
    ANNOUNCE,
    UPDATE,
    SAVE,
    /** All is done, and safe. */
    FINISH,
    /** Another node goes on from what is safe. */
    LEAVE
  }

  private final LearnerSchedule schedule;
  private final LearnerCheckpoints checkpoints;
  private LearnerEngine.@Nullable Standing standing;
  private int incarnation;
  private boolean begun;
  private boolean announced;
  private boolean busy;
  private boolean paused;
  private boolean finished;
  private boolean leaving;
  private Map<String, Double> lastMetrics = Map.of();
  private Optional<String> finishing = Optional.empty();
  private Optional<Batch> next = Optional.empty();
  private long training;

  LearnerCourse(LearnerSchedule schedule, LearnerCheckpoints checkpoints) {
    this.schedule = schedule;
    this.checkpoints = checkpoints;
  }

  // What has happened.

  /** The engine works, until it tells what came of it. */
  void engineWorks() {
    busy = true;
  }

  void engineRests() {
    busy = false;
  }

  void opened(int claimed, LearnerEngine.Standing where) {
    busy = false;
    incarnation = claimed;
    standing = where;
  }

  /** The life {@code recorded} is in the journal; false if that is no news. */
  boolean begun(int recorded) {
    boolean news = recorded == incarnation && !begun;
    begun |= news;
    return news;
  }

  void pretrained(LearnerEngine.Standing where) {
    busy = false;
    standing = where;
  }

  void announced() {
    busy = false;
    announced = true;
  }

  void updated(LearnerEngine.Standing where, Map<String, Double> metrics) {
    busy = false;
    training = 0;
    standing = where;
    lastMetrics = metrics;
  }

  void pause() {
    paused = true;
  }

  void goOn() {
    paused = false;
  }

  /** {@code why} is for people; the first one counts. */
  void finish(String why) {
    finishing = finishing.or(() -> Optional.of(why));
  }

  void finished() {
    finished = true;
  }

  void leave() {
    leaving = true;
  }

  // Where it stands.

  /** Whether it is still to be said where to begin. */
  boolean isUnopened() {
    return standing == null && !busy;
  }

  boolean hasBegun() {
    return begun;
  }

  boolean isAnnounced() {
    return announced;
  }

  boolean isFinished() {
    return finished;
  }

  int incarnation() {
    return incarnation;
  }

  /** Why the learner ends, as soon as it is to. */
  Optional<String> finishing() {
    return finishing;
  }

  LearnerEngine.Standing where() {
    if (standing == null) {
      throw new IllegalStateException("the learner isn't open yet");
    }
    return standing;
  }

  // Batches: one trains, and the one after it is asked for meanwhile.

  /** The batch after the last one that was begun. */
  private long nextBatch() {
    return Math.max(training, where().lastBatch()) + 1;
  }

  /** The number of the batch to ask for. */
  OptionalLong wantedBatch() {
    boolean wanted =
        begun
            && announced
            && !finished
            && finishing.isEmpty()
            && next.isEmpty()
            && !schedule.isBeyondLast(nextBatch());
    return wanted ? OptionalLong.of(nextBatch()) : OptionalLong.empty();
  }

  /** A batch has come; false if it isn't the one. */
  boolean offer(Batch batch) {
    boolean taken = begun && announced && next.isEmpty() && batch.number() == nextBatch();
    if (taken) {
      next = Optional.of(batch);
    }
    return taken;
  }

  /** The batch that trains from now on. */
  Batch take() {
    Batch batch = next.orElseThrow();
    next = Optional.empty();
    training = batch.number();
    return batch;
  }

  // What comes next.

  Step next() {
    if (!begun || busy || finished) {
      return Step.WAIT;
    }
    if (leaving) {
      return onceSafe(Step.LEAVE);
    }
    boolean supervised = schedule.isSupervised(where());
    if (finishing.isPresent() && (supervised || !paused)) {
      return onceSafe(Step.FINISH);
    }
    if (paused) {
      return Step.WAIT;
    }
    if (supervised) {
      return Step.PRETRAIN;
    }
    if (!announced) {
      return Step.ANNOUNCE;
    }
    finishing = schedule.enough(where(), lastMetrics);
    if (finishing.isPresent()) {
      return onceSafe(Step.FINISH);
    }
    return next.isPresent() ? Step.UPDATE : Step.WAIT;
  }

  private Step onceSafe(Step last) {
    long update = where().update();
    if (checkpoints.isSafe(update)) {
      return last;
    }
    return checkpoints.isMissing(update) ? Step.SAVE : Step.WAIT;
  }

  /** Whom the learner waits for; empty while it computes or is done. */
  String waitsFor() {
    if (busy || finished || checkpoints.isSaving()) {
      return "";
    }
    if (standing == null) {
      return "the replay actor to say where to begin";
    }
    if (!begun) {
      return "the replay actor to record incarnation [" + incarnation + "]";
    }
    if (checkpoints.uncommitted().isPresent() && finishing.isPresent()) {
      long update = checkpoints.uncommitted().get().checkpoint().update();
      return "the commit of checkpoint [" + update + "]";
    }
    if (paused) {
      return "the end of the pause";
    }
    return "batch [" + nextBatch() + "] from the replay actor";
  }
}
