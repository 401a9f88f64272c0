package dev.troupe.actors.learner;

import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.run.RunActor;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the learner says to the run's singletons: what it asks for, and what it made. They may begin
 * anew elsewhere, so what they need to know can be said again.
 */
final class LearnerNews {
  private final LearnerSurroundings with;
  private final RunPeers peers;
  private final ActorRef<LearnerActor.Command> self;
  private Optional<ReplayActor.BeginIncarnation> beginning = Optional.empty();
  private Optional<PolicyVersion> newest = Optional.empty();

  /** The last that was to be evaluated: a newest version, or what one was adjusted from. */
  private Optional<PolicyVersion> evaluated = Optional.empty();

  private Optional<ReplayActor.Updated> lastUpdate = Optional.empty();
  private long tokens;
  private long progress;

  LearnerNews(LearnerSurroundings with, ActorRef<LearnerActor.Command> self) {
    this.with = with;
    this.peers = with.peers();
    this.self = self;
  }

  // What it asks the replay actor.

  void whereToBegin() {
    peers.replay().tell(new ReplayActor.WhereToBegin(self));
  }

  void begin(LearnerActor.Opened opened) {
    LearnerEngine.Standing where = opened.standing();
    beginning =
        Optional.of(
            new ReplayActor.BeginIncarnation(
                opened.incarnation(), where.update(), where.lastBatch(), opened.processor(), self));
    repeatBeginning();
  }

  void repeatBeginning() {
    beginning.ifPresent(peers.replay()::tell);
  }

  void wantsBatch(int incarnation, long number, long firstUpdate) {
    peers.replay().tell(new ReplayActor.NextBatch(incarnation, number, firstUpdate, self));
  }

  /** A checkpoint is on the disk and is to count. */
  ReplayActor.CheckpointWritten written(int incarnation, LearnerActor.Saved saved) {
    LearnerEngine.Standing where = saved.standing();
    ReplayActor.CheckpointWritten written =
        new ReplayActor.CheckpointWritten(
            incarnation, saved.checkpoint(), where.lastBatch(), where.firstUpdate(), self);
    peers.replay().tell(written);
    return written;
  }

  // What it made.

  void pretrained(LearnerActor.SupervisedDone done, long steps) {
    LearnerEngine.Step step = done.step();
    tokens += step.tokens();
    progress++;
    peers
        .monitor()
        .tell(
            new MonitorActor.SupervisedMade(
                done.standing().sftSteps(), steps, step.tokens(), done.seconds(), step.metrics()));
  }

  /** Reinforcement learning begins, or goes on, with a version that is evaluated. */
  void announced(LearnerActor.SnapshotTaken taken, LearnerEngine.Standing where) {
    if (where.lastBatch() == 0) {
      peers.replay().tell(new ReplayActor.Updated(taken.version(), 0, false, taken.trace()));
    }
    publish(taken.version(), true);
    reinforced(taken.version(), where);
  }

  void updated(LearnerActor.UpdateDone done) {
    tokens += done.step().tokens();
    progress++;
    ReplayActor.Updated update =
        new ReplayActor.Updated(
            done.version(), done.batch().number(), done.step().skipped(), done.trace());
    lastUpdate = Optional.of(update);
    peers.replay().tell(update);
    publish(done.version(), done.learned().filter(done.version()::equals).isPresent());
    done.learned().ifPresent(this::learned);
    peers.monitor().tell(figures(done));
    updateMade(done.learned().orElse(done.version()), done.standing(), done.learned().isPresent());
  }

  /**
   * What is evaluated, where that isn't the newest version itself. It is said after that one, so
   * that nobody takes it for what to act with.
   */
  void learned(PolicyVersion version) {
    evaluated = Optional.of(version);
    if (!evaluated.equals(newest)) {
      peers.registry().tell(new PolicyRegistry.Publish(version, true));
    }
  }

  /** Whether what is evaluated last is published: an adjusted version isn't that. */
  boolean isLearnedKnown() {
    return newest.isEmpty() || ofNewest().isPresent();
  }

  /** What was learned by the update of the newest version. */
  private Optional<PolicyVersion> ofNewest() {
    return newest.flatMap(
        version ->
            version.adjustment() == 0
                ? newest
                : evaluated.filter(learned -> learned.update() == version.update()));
  }

  private void updateMade(PolicyVersion version, LearnerEngine.Standing where, boolean evaluate) {
    peers.run().tell(new RunActor.UpdateMade(version, where.lastBatch(), evaluate));
  }

  private void publish(PolicyVersion version, boolean keep) {
    newest = Optional.of(version);
    if (keep) {
      with.shelf().keep(version);
    }
    with.crashHook().accept(CrashPoint.DURING_PUBLISH);
    peers.registry().tell(new PolicyRegistry.Publish(version, keep));
  }

  private void reinforced(PolicyVersion version, LearnerEngine.Standing where) {
    peers.run().tell(new RunActor.Reinforced(version, where.lastBatch(), where.sftSteps()));
    peers.monitor().tell(new MonitorActor.ReinforcedBegan());
  }

  private static MonitorActor.UpdateMade figures(LearnerActor.UpdateDone done) {
    long trajectories = 0;
    long lags = 0;
    long before = done.standing().firstUpdate() + done.batch().number() - 1;
    for (var group : done.batch().groups()) {
      for (var judged : group.trajectories()) {
        trajectories++;
        lags += before - judged.trajectory().behaviour().update();
      }
    }
    return new MonitorActor.UpdateMade(
        done.version(),
        done.batch().number(),
        done.step().skipped(),
        done.step().tokens(),
        trajectories,
        lags,
        done.seconds(),
        done.step().metrics());
  }

  void committed(CheckpointRef checkpoint) {
    progress++;
    peers.run().tell(new RunActor.CheckpointCommitted(checkpoint));
  }

  void finished(String why, LearnerEngine.Standing where, Optional<CheckpointRef> checkpoint) {
    peers.run().tell(new RunActor.LearnerFinished(why, ofNewest(), where.lastBatch(), checkpoint));
  }

  /**
   * To singletons that began anew elsewhere: as much as the earlier ones were told.
   *
   * @param evaluate whether the newest version is to be evaluated
   */
  void introduce(
      LearnerEngine.Standing where, boolean evaluate, Optional<CheckpointRef> checkpoint) {
    if (newest.isPresent()) {
      PolicyVersion version = newest.get();
      Optional<PolicyVersion> learned = ofNewest();
      boolean same = learned.equals(newest);
      peers.registry().tell(new PolicyRegistry.Publish(version, evaluate && same));
      if (!same) {
        learned.ifPresent(this::learned);
      }
      reinforced(version, where);
      checkpoint.ifPresent(ref -> peers.run().tell(new RunActor.CheckpointCommitted(ref)));
      if (where.lastBatch() > 0) {
        updateMade(learned.orElse(version), where, evaluate && learned.isPresent());
      }
    }
  }

  /** The replay actor may not have heard it. */
  void repeat(Optional<ReplayActor.CheckpointWritten> uncommitted) {
    lastUpdate.ifPresent(peers.replay()::tell);
    uncommitted.ifPresent(peers.replay()::tell);
  }

  // How it is.

  void restarted() {
    peers
        .monitor()
        .tell(new MonitorActor.Restarted(LearnerActor.NAME, "it failed, the log says why"));
  }

  void failed(String why) {
    peers.run().tell(new RunActor.Fail(why));
  }

  void seen(long idleNanos) {
    peers.monitor().tell(new MonitorActor.LearnerSeen(with.nanos().getAsLong(), idleNanos, tokens));
  }

  void alive(String waitsFor) {
    peers.monitor().tell(new MonitorActor.Seen(LearnerActor.NAME, progress, waitsFor));
  }
}
