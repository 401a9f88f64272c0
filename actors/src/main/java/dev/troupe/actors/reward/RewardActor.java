package dev.troupe.actors.reward;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Judges trajectories with one verifier: a bounded number at a time and waiting, the rest refused.
 * The verdict on a training sample goes on to the replay actor; its sampler hears of it too, so
 * that it knows whom to ask should the record not come.
 *
 * <p>It fails by stopping. What it had in hand is sent to another reward actor by the samplers.
 */
public final class RewardActor extends ThinActor<RewardActor.Command> {

  /** What a reward actor is told. */
  public sealed interface Command {}

  /**
   * Judge this.
   *
   * @param evaluation that it belongs to; 0 = training
   */
  public record Verify(
      long evaluation, Task task, Trajectory trajectory, ActorRef<RolloutActor.Command> rollout)
      implements Command, Wire {}

  /** Answer with {@link RolloutActor.Pong}, to show that messages are read. */
  public record Ping(ActorRef<RolloutActor.Command> rollout) implements Command, Wire {}

  /** The verifier's word on {@code request}. */
  record Verdict(Verify request, Outcome outcome, long beganNanos) implements Command, Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  private final Judge judge;
  private final RunPeers peers;
  private final LongSupplier nanos;

  private RewardActor(
      ActorContext<Command> context, Judge judge, RunPeers peers, LongSupplier nanos) {
    super(context);
    this.judge = judge;
    this.peers = peers;
    this.nanos = nanos;
  }

  public static Behavior<Command> create(
      Supplier<Judge> judges, RunPeers peers, LongSupplier nanos) {
    return Behaviors.setup(context -> new RewardActor(context, judges.get(), peers, nanos));
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Verify verify -> onVerify(verify);
      case Ping(var rollout) -> rollout.tell(new RolloutActor.Pong(context().getSelf()));
      case Verdict verdict -> onVerdict(verdict);
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private void onVerify(Verify verify) {
    long began = nanos.getAsLong();
    judge
        .judge(verify.task(), verify.trajectory())
        .ifPresentOrElse(
            outcome ->
                context()
                    .pipeToSelf(
                        outcome,
                        (said, failure) -> new Verdict(verify, orCrashed(said, failure), began)),
            () ->
                verify
                    .rollout()
                    .tell(
                        new RolloutActor.Busy(
                            verify.evaluation(), verify.trajectory().id(), context().getSelf())));
  }

  private static Outcome orCrashed(@Nullable Outcome outcome, @Nullable Throwable failure) {
    return outcome != null ? outcome : new Outcome.Crashed(String.valueOf(failure));
  }

  private void onVerdict(Verdict verdict) {
    Verify request = verdict.request();
    Duration verifying = Duration.ofNanos(Math.max(0, nanos.getAsLong() - verdict.beganNanos()));
    JudgedTrajectory judged =
        new JudgedTrajectory(request.trajectory(), judge.ref(), verdict.outcome(), verifying);
    if (request.evaluation() == 0) {
      peers.replay().tell(new ReplayActor.Offer(judged, request.rollout()));
    }
    request
        .rollout()
        .tell(
            new RolloutActor.Judged(
                request.evaluation(),
                request.trajectory().id(),
                request.trajectory().attempt(),
                judged.verifier(),
                judged.outcome(),
                verifying));
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      judge.close();
    }
    return this;
  }
}
