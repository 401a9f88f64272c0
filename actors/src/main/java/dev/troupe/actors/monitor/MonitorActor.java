package dev.troupe.actors.monitor;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunFigures;
import dev.troupe.actors.run.RunListener;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.policy.PolicyVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Hears from every actor what it did and what it waits for; tells the run's listener, measures how
 * busy both sides are, and names who stands still.
 */
public final class MonitorActor extends ThinActor<MonitorActor.Command> {

  /** What the monitor is told. */
  public sealed interface Command {}

  /**
   * {@code actor} has come as far as {@code progress}, a number that grows with its work.
   *
   * @param waitsFor empty while it works
   */
  public record Seen(String actor, long progress, String waitsFor) implements Command, Wire {}

  /** Counters of a sampler's thread since it began, on its own clock. */
  public record SamplerSeen(String sampler, long atNanos, long idleNanos, long tokens)
      implements Command, Wire {}

  /** Counters of the learner's thread since it began, on its own clock. */
  public record LearnerSeen(long atNanos, long idleNanos, long tokens) implements Command, Wire {}

  /** A supervised step was made. */
  public record SupervisedMade(
      long step, long steps, long tokens, double seconds, Map<String, Double> metrics)
      implements Command, Wire {
    public SupervisedMade {
      metrics = Map.copyOf(metrics);
    }
  }

  /** An update was made, from {@code trajectories} whose lags add up to {@code lagSum}. */
  public record UpdateMade(
      PolicyVersion version,
      long batch,
      boolean skipped,
      long tokens,
      long trajectories,
      long lagSum,
      double seconds,
      Map<String, Double> metrics)
      implements Command, Wire {
    public UpdateMade {
      metrics = Map.copyOf(metrics);
    }
  }

  /** Reinforcement learning begins: rates and idle shares count from here. */
  public record ReinforcedBegan() implements Command, Wire {}

  /** {@code actor} failed and began anew, or was replaced. */
  public record Restarted(String actor, String cause) implements Command, Wire {}

  /** These actors ended, with their nodes or because they are not needed any more. */
  public record Gone(Set<String> actors) implements Command, Local {
    public Gone {
      actors = Set.copyOf(actors);
    }
  }

  /** Tell the listener, in this order. */
  public record Tell(List<RunEvent> events) implements Command, Local {
    public Tell {
      events = List.copyOf(events);
    }

    /** One event. */
    public Tell(RunEvent event) {
      this(List.of(event));
    }
  }

  /** How did it go? */
  public record GetFigures(ActorRef<RunActor.Command> run) implements Command, Local {}

  record Tick() implements Command, Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  private static final Duration TICK = Duration.ofSeconds(1);

  /** So many events may wait for the listener before anybody is told. */
  private static final int BEHIND_MIN = ListenerQueue.EVENTS_MAX / 4;

  private final ListenerQueue listener;
  private final LongSupplier nanos;
  private final Figures figures;
  private final StallWatch stalls;
  private final Consumer<List<ActorProgress>> actors;
  private long heardAtNanos;
  private long droppedBefore;

  private MonitorActor(
      ActorContext<Command> context,
      ListenerQueue listener,
      Consumer<List<ActorProgress>> actors,
      LongSupplier nanos,
      Figures figures,
      StallWatch stalls) {
    super(context);
    this.listener = listener;
    this.actors = actors;
    this.nanos = nanos;
    this.figures = figures;
    this.stalls = stalls;
    this.heardAtNanos = nanos.getAsLong();
  }

  /**
   * Figures outlive a failure of the actor in this JVM.
   *
   * @param listener is told on a thread of its own, in order; it misses events where it falls far
   *     behind
   * @param actors hears once a second what every actor does
   */
  public static Behavior<Command> create(
      RunListener listener,
      Consumer<List<ActorProgress>> actors,
      Duration stallAfter,
      ThreadFactory threads,
      LongSupplier nanos) {
    Figures figures = new Figures();
    ListenerQueue queue = new ListenerQueue(listener, threads, nanos);
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerAtFixedRate(new Tick(), TICK);
                          StallWatch stalls = new StallWatch(stallAfter, nanos.getAsLong());
                          return new MonitorActor(context, queue, actors, nanos, figures, stalls);
                        })))
        .onFailure(SupervisorStrategy.restart());
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Seen(var actor, var progress, var waitsFor) ->
          stalls.seen(actor, progress, waitsFor, nanos.getAsLong());
      case SamplerSeen(var sampler, var at, var idle, var tokens) ->
          figures.sampler(sampler, at, idle, tokens);
      case LearnerSeen(var at, var idle, var tokens) -> figures.learner(at, idle, tokens);
      case SupervisedMade made ->
          tell(
              new RunEvent.SupervisedStep(
                  made.step(), made.steps(), made.tokens(), made.seconds(), made.metrics()));
      case UpdateMade made -> onUpdateMade(made);
      case ReinforcedBegan _ -> figures.begin();
      case Restarted(var actor, var cause) -> tell(new RunEvent.ActorRestarted(actor, cause));
      case Gone(var gone) -> {
        stalls.gone(gone);
        figures.gone(gone);
      }
      case Tell(var events) -> events.forEach(this::tell);
      case GetFigures(var run) -> {
        RunFigures total = figures.total();
        listener.then(() -> run.tell(new RunActor.FiguresSeen(total)));
      }
      case Tick _ -> onTick();
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private void onUpdateMade(UpdateMade made) {
    figures.update(made.trajectories(), made.lagSum());
    tell(
        new RunEvent.UpdateMade(
            made.version(),
            made.batch(),
            made.batch(),
            made.skipped(),
            made.tokens(),
            made.seconds(),
            made.metrics(),
            figures.recent()));
  }

  private void onTick() {
    long now = nanos.getAsLong();
    stalls.tick(now).forEach(this::tell);
    List<ActorProgress> all = new ArrayList<>();
    for (ActorProgress actor : stalls.actors(now)) {
      all.add(actor.with(figures.tokensPerSecond(actor.name())));
    }
    int waiting = listener.waiting();
    long dropped = listener.dropped();
    heardAtNanos = waiting == 0 ? now : heardAtNanos;
    if (waiting > BEHIND_MIN || dropped > 0) {
      all.add(
          new ActorProgress(
              "monitor",
              0,
              "the run's listener: [%d] events wait, [%d] were dropped".formatted(waiting, dropped),
              Duration.ofNanos(now - heardAtNanos)));
    }
    if (dropped > droppedBefore) {
      context()
          .getLog()
          .warn("the run's listener does not keep up: [{}] events were dropped", dropped);
      droppedBefore = dropped;
    }
    actors.accept(all);
  }

  private void tell(RunEvent event) {
    listener.add(event);
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      listener.close();
    }
    return this;
  }
}
