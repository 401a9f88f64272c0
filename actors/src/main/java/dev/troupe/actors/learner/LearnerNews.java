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

  void updated(LearnerActor.UpdateDone done, boolean evaluate) {
    tokens += done.step().tokens();
    progress++;
    ReplayActor.Updated update =
        new ReplayActor.Updated(
            done.version(), done.batch().number(), done.step().skipped(), done.trace());
    lastUpdate = Optional.of(update);
    peers.replay().tell(update);
    publish(done.version(), evaluate);
    peers.monitor().tell(figures(done));
    peers
        .run()
        .tell(new RunActor.UpdateMade(done.version(), done.standing().lastBatch(), evaluate));
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
    peers.run().tell(new RunActor.LearnerFinished(why, newest, where.lastBatch(), checkpoint));
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
      peers.registry().tell(new PolicyRegistry.Publish(version, evaluate));
      reinforced(version, where);
      checkpoint.ifPresent(ref -> peers.run().tell(new RunActor.CheckpointCommitted(ref)));
      if (where.lastBatch() > 0) {
        peers.run().tell(new RunActor.UpdateMade(version, where.lastBatch(), evaluate));
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
