package dev.troupe.actors.plane;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Takes every batch at once, learns nothing, and counts what came. */
final class PretendLearner extends ThinActor<LearnerActor.Command> {
  private static final int CHECKPOINT_EVERY = 4;

  /** What it shares with the threads that measure. */
  static final class Shared {
    final List<ActorRef<RolloutActor.Command>> rollouts = new CopyOnWriteArrayList<>();
    volatile PolicyVersion newest;
    volatile PlaneHead.Count count;
    volatile boolean standsStill;

    Shared(PolicyVersion first, long nowNanos) {
      this.newest = first;
      this.count = new PlaneHead.Count(nowNanos, 0);
    }
  }

  private final ActorRef<ReplayActor.Command> replay;
  private final Shared shared;
  private final LongSupplier nanos;

  private PretendLearner(
      ActorContext<LearnerActor.Command> context,
      ActorRef<ReplayActor.Command> replay,
      Shared shared,
      LongSupplier nanos) {
    super(context);
    this.replay = replay;
    this.shared = shared;
    this.nanos = nanos;
  }

  static Behavior<LearnerActor.Command> create(
      ActorRef<ReplayActor.Command> replay, Shared shared, LongSupplier nanos) {
    return Behaviors.setup(
        context -> {
          replay.tell(new ReplayActor.WhereToBegin(context.getSelf()));
          return new PretendLearner(context, replay, shared, nanos);
        });
  }

  @Override
  protected Behavior<LearnerActor.Command> onMessage(LearnerActor.Command command) {
    ActorRef<LearnerActor.Command> self = context().getSelf();
    if (command instanceof LearnerActor.BeginFrom) {
      replay.tell(new ReplayActor.BeginIncarnation(1, 0, 0, ProcessorKind.UNKNOWN, self));
    } else if (command instanceof LearnerActor.Begun) {
      replay.tell(new ReplayActor.Updated(shared.newest, 0, false, UpdateTrace.NONE));
      replay.tell(new ReplayActor.NextBatch(1, 1, 0, self));
    } else if (command instanceof LearnerActor.BatchReady(var batch)) {
      onBatch(batch);
    } else if (command instanceof LearnerActor.Refused(_, var why)) {
      throw new IllegalStateException("the replay actor refused the pretended learner: " + why);
    }
    return this;
  }

  private void onBatch(Batch batch) {
    long came = shared.count.trajectories();
    for (var group : batch.groups()) {
      came += group.trajectories().size();
    }
    shared.count = new PlaneHead.Count(nanos.getAsLong(), came);
    if (shared.standsStill) {
      return;
    }
    long number = batch.number();
    PolicyVersion version = new PolicyVersion(1, number, 0, shared.newest.hash());
    shared.newest = version;
    replay.tell(new ReplayActor.Updated(version, number, false, UpdateTrace.NONE));
    if (number % CHECKPOINT_EVERY == 0) {
      CheckpointRef checkpoint = new CheckpointRef(number, 1, version.hash());
      replay.tell(new ReplayActor.CheckpointWritten(1, checkpoint, number, 0, context().getSelf()));
    }
    shared.rollouts.forEach(rollout -> rollout.tell(new RolloutActor.PolicyArrived(version)));
    replay.tell(new ReplayActor.NextBatch(1, number + 1, 0, context().getSelf()));
  }
}
