package dev.troupe.actors.reward;

import dev.troupe.actors.Parcels;
import dev.troupe.actors.ThinActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Judges trajectories with one verifier: a bounded number at a time and waiting, the rest refused.
 * The verdict on a training sample goes on to the replay actor; its sampler hears of it too, so
 * that it knows whom to ask should the record not come.
 *
 * <p>Trajectories come, and verdicts go, many to a message: a message's verdicts go together when
 * all of it is judged, and after a tick those that there are.
 *
 * <p>It fails by stopping. What it had in hand is sent to another reward actor by the samplers.
 */
public final class RewardActor extends ThinActor<RewardActor.Command> {

  /** What a reward actor is told. */
  public sealed interface Command {}

  /**
   * One trajectory to judge.
   *
   * @param evaluation that it belongs to; 0 = training
   */
  public record Request(long evaluation, Task task, Trajectory trajectory) {}

  /**
   * Judge these, each for itself; what there is no room for comes back.
   *
   * @param waiting trajectories that will be sent when there is room
   */
  public record Verify(List<Request> requests, int waiting, ActorRef<RolloutActor.Command> rollout)
      implements Command, Wire {
    public Verify {
      requests = List.copyOf(requests);
    }
  }

  /** Answer with {@link RolloutActor.Pong}, to show that messages are read. */
  public record Ping(ActorRef<RolloutActor.Command> rollout) implements Command, Wire {}

  /** Compare with this one from now on; with none no more. */
  public record Shadow(Optional<Supplier<Judge>> shadow) implements Command, Local {}

  /** All of a message is judged. */
  record RoundOver() implements Command, Local {}

  /** Some of a message may be judged, while the rest takes its time. */
  record Tick() implements Command, Local {}

  /** Tells what came of comparing. */
  record CompareTick() implements Command, Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration COMPARE_TICK = Duration.ofMillis(250);

  private final Judge judge;
  private final RunPeers peers;
  private final Consumer<CrashPoint> crashHook;
  private final LongSupplier nanos;
  private final TimerScheduler<Command> timers;
  private final Queue<Round.Verdict> verdicts = new ConcurrentLinkedQueue<>();

  /** Who has more for this actor than it had room for, and how much; who asked first is first. */
  private final Map<ActorRef<RolloutActor.Command>, Integer> waiting = new LinkedHashMap<>();

  private Optional<ShadowBench> shadow = Optional.empty();

  /** Taken on and not delivered. */
  private int open;

  private RewardActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Judge judge,
      RunPeers peers,
      Consumer<CrashPoint> crashHook,
      LongSupplier nanos) {
    super(context);
    this.timers = timers;
    this.judge = judge;
    this.peers = peers;
    this.crashHook = crashHook;
    this.nanos = nanos;
  }

  public static Behavior<Command> create(
      Supplier<Judge> judges, RunPeers peers, Consumer<CrashPoint> crashHook, LongSupplier nanos) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new RewardActor(context, timers, judges.get(), peers, crashHook, nanos)));
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Verify(var requests, var more, var rollout) -> onVerify(requests, more, rollout);
      case Ping(var rollout) -> rollout.tell(new RolloutActor.Pong(context().getSelf()));
      case RoundOver _ -> deliver();
      case Tick _ -> deliver();
      case Shadow(var judges) -> onShadow(judges);
      case CompareTick _ -> tellFigures();
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private void onVerify(List<Request> requests, int more, ActorRef<RolloutActor.Command> rollout) {
    Round round = new Round(rollout, requests.size());
    ActorRef<Command> self = context().getSelf();
    List<RolloutActor.Refused> refused = new ArrayList<>();
    for (Request request : requests) {
      long began = nanos.getAsLong();
      Optional<CompletionStage<Outcome>> outcome =
          judge.judge(request.task(), request.trajectory());
      if (outcome.isEmpty()) {
        refused.add(new RolloutActor.Refused(request.evaluation(), request.trajectory().id()));
        round.over();
        continue;
      }
      open++;
      if (request.evaluation() == 0) {
        CompletionStage<Outcome> counts = outcome.get();
        shadow.ifPresent(bench -> bench.judge(request.task(), request.trajectory(), counts));
      }
      VerifierRef verifier = judge.ref();
      var _ =
          outcome
              .get()
              .whenComplete(
                  (said, failure) -> {
                    Duration verifying = Duration.ofNanos(Math.max(0, nanos.getAsLong() - began));
                    verdicts.add(
                        new Round.Verdict(
                            round,
                            request.evaluation(),
                            new JudgedTrajectory(
                                request.trajectory(),
                                verifier,
                                orCrashed(said, failure),
                                verifying)));
                    if (round.over()) {
                      self.tell(new RoundOver());
                    }
                  });
    }
    if (!refused.isEmpty()) {
      rollout.tell(new RolloutActor.Busy(refused, self));
    }
    if (more + refused.size() > 0) {
      waiting.merge(rollout, more + refused.size(), Math::max);
    }
    if (round.over()) {
      deliver();
    } else if (!timers.isTimerActive(TICK)) {
      timers.startTimerWithFixedDelay(TICK, new Tick(), TICK);
    }
  }

  private void onShadow(Optional<Supplier<Judge>> judges) {
    tellFigures();
    shadow.ifPresent(ShadowBench::close);
    shadow = judges.map(made -> new ShadowBench(made.get()));
    if (shadow.isPresent()) {
      timers.startTimerWithFixedDelay(COMPARE_TICK, new CompareTick(), COMPARE_TICK);
    } else {
      timers.cancel(COMPARE_TICK);
    }
  }

  private void tellFigures() {
    shadow.ifPresent(
        bench -> {
          ShadowFigures figures = bench.take();
          if (!figures.equals(ShadowFigures.NONE)) {
            peers.run().tell(new RunActor.Compared(bench.judge().ref(), figures));
          }
        });
  }

  private static Outcome orCrashed(@Nullable Outcome outcome, @Nullable Throwable failure) {
    return outcome != null ? outcome : new Outcome.Crashed(String.valueOf(failure));
  }

  /** Sends on what is judged by now, to each sampler in as few messages as may be. */
  private void deliver() {
    Map<ActorRef<RolloutActor.Command>, List<Round.Verdict>> byRollout = new LinkedHashMap<>();
    for (var verdict = verdicts.poll(); verdict != null; verdict = verdicts.poll()) {
      open--;
      byRollout.computeIfAbsent(verdict.round().rollout(), _ -> new ArrayList<>()).add(verdict);
    }
    byRollout.forEach(
        (rollout, all) ->
            Parcels.of(all, verdict -> Parcels.bytes(verdict.judged().trajectory()))
                .forEach(parcel -> deliver(rollout, parcel)));
    shareRoom();
    if (open == 0 && waiting.isEmpty()) {
      timers.cancel(TICK);
    }
  }

  /** Says to those who have more how much of it there is room for; they share it evenly. */
  private void shareRoom() {
    int room = waiting.isEmpty() ? 0 : judge.room();
    while (room > 0 && !waiting.isEmpty()) {
      var first = waiting.entrySet().iterator().next();
      int share = Math.ceilDiv(room, waiting.size());
      int places = Math.min(share, first.getValue());
      waiting.remove(first.getKey());
      first.getKey().tell(new RolloutActor.Room(places, context().getSelf()));
      room -= places;
    }
  }

  private void deliver(ActorRef<RolloutActor.Command> rollout, List<Round.Verdict> parcel) {
    List<JudgedTrajectory> offered = new ArrayList<>();
    List<RolloutActor.Verdict> said = new ArrayList<>();
    for (Round.Verdict verdict : parcel) {
      JudgedTrajectory judged = verdict.judged();
      if (verdict.evaluation() == 0) {
        offered.add(judged);
      }
      said.add(
          new RolloutActor.Verdict(
              verdict.evaluation(),
              judged.trajectory().id(),
              judged.trajectory().attempt(),
              judged.verifier(),
              judged.outcome(),
              judged.verifying()));
    }
    if (!offered.isEmpty()) {
      crashHook.accept(CrashPoint.AFTER_VERDICT);
      peers.replay().tell(new ReplayActor.Offer(offered, rollout));
    }
    rollout.tell(new RolloutActor.Judged(said));
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      judge.close();
      shadow.ifPresent(ShadowBench::close);
    }
    return this;
  }
}
