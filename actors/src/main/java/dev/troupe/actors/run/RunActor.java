package dev.troupe.actors.run;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.RunEvent.Occasion;
import dev.troupe.actors.serialization.Local;
import dev.troupe.actors.serialization.Wire;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.policy.PolicyVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One a run: brings up its singletons, enlists nodes, has evaluations made, and knows the phase.
 *
 * <pre>
 *   starting ─▶ running ⇄ paused
 *                 │  └──▶ draining ─▶ done (resumable)
 *                 └─ enough ─▶ last evaluation ─▶ done
 *   any of them ─▶ failed, with the cause and the last good checkpoint
 * </pre>
 *
 * <p>Begun anew after a failure, its singletons begin anew with it, from the run directory.
 */
public final class RunActor extends ThinActor<RunActor.Command> {

  /** What the run is told. */
  public sealed interface Command {}

  /** {@code node} can take part. */
  public record NodeOffered(String name, ActorRef<NodeActor.Command> node)
      implements Command, Wire {}

  /** {@code rollout} began (again). */
  public record RolloutJoined(String name, ActorRef<RolloutActor.Command> rollout)
      implements Command, Wire {}

  /** Reinforcement learning begins, or goes on after {@code lastBatch}, with {@code version}. */
  public record Reinforced(PolicyVersion version, long lastBatch, long sftSteps)
      implements Command, Wire {}

  /** Batch {@code batch} made {@code version}; {@code evaluate} it. */
  public record UpdateMade(PolicyVersion version, long batch, boolean evaluate)
      implements Command, Wire {}

  /** {@code checkpoint} counts. */
  public record CheckpointCommitted(CheckpointRef checkpoint) implements Command, Wire {}

  /** The learner made its last checkpoint; {@code version} is published, if any is. */
  public record LearnerFinished(
      String why,
      Optional<PolicyVersion> version,
      long lastBatch,
      Optional<CheckpointRef> checkpoint)
      implements Command, Wire {}

  /** A sampler's part of an evaluation. */
  public record EvaluationPartDone(long evaluation, int part, List<JudgedTrajectory> verdicts)
      implements Command, Wire {
    public EvaluationPartDone {
      verdicts = List.copyOf(verdicts);
    }
  }

  /** A sampler can't get at {@code version}. */
  public record EvaluationImpossible(long evaluation, int part, PolicyVersion version)
      implements Command, Wire {}

  /** The run can't go on. */
  public record Fail(String why) implements Command, Wire {}

  /** The journal is read: what of the run is there already. */
  public record ReplayReady(
      LedgerTotals totals,
      long lastCommittedBatch,
      Optional<CheckpointRef> lastCommitted,
      long skippedUpdates)
      implements Command, Local {}

  /** The ledger's counts now. */
  public record Counted(LedgerTotals totals, long skippedUpdates) implements Command, Local {}

  /** Hardly any disk is left; nothing new is granted. */
  public record DiskLow(long freeBytes, long freeMinBytes) implements Command, Local {}

  /** There is disk again. */
  public record DiskFine() implements Command, Local {}

  /** The journal is complete and closed. */
  public record ReplayClosed(LedgerTotals totals, long skippedUpdates) implements Command, Local {}

  /** What the monitor measured. */
  public record FiguresSeen(RunFigures figures) implements Command, Local {}

  /** End resumable. */
  public record Drain() implements Command, Local {}

  /** End now. */
  public record StopNow() implements Command, Local {}

  record Tick() implements Command, Local {}

  /** Tell the singletons, for tests. */
  public record GetSingletons(ActorRef<Singletons> to) implements Command, Local {}

  /** Fails the actor, for tests. */
  public record Poison() implements Command, Local {}

  /** The run's own actors. */
  public record Singletons(
      ActorRef<ReplayActor.Command> replay,
      ActorRef<PolicyRegistry.Command> registry,
      ActorRef<LearnerActor.Command> learner,
      ActorRef<MonitorActor.Command> monitor)
      implements Local {}

  private static final Duration TICK = Duration.ofMillis(250);
  private static final int ANSWERS_SHOWN = 10;

  private final Production production;
  private final Singletons singletons;
  private final Milestones milestones;
  private final long beganNanos;
  private final TreeMap<String, ActorRef<RolloutActor.Command>> rollouts = new TreeMap<>();
  private final Map<Long, Evaluation> evaluations = new LinkedHashMap<>();
  private final Map<Long, Double> accuracies = new HashMap<>();
  private Optional<Evaluation> lastEvaluated = Optional.empty();
  private Optional<String> finishing = Optional.empty();
  private Phase phase = Phase.STARTING;
  private Stage stage = Stage.NONE;
  private String detail = "";
  private LedgerTotals totals = LedgerTotals.none();
  private long skippedUpdates;
  private long supervisedSteps;
  private long updates;
  private long nextEvaluation = 1;
  private Optional<LearnerFinished> last = Optional.empty();
  private OptionalDouble accuracyAfter = OptionalDouble.empty();
  private Optional<CheckpointRef> lastCheckpoint = Optional.empty();
  private Optional<CheckpointRef> committedBefore = Optional.empty();
  private List<RunEvent.Answer> answers = List.of();
  private boolean closing;

  private RunActor(ActorContext<Command> context, Production production) {
    super(context);
    this.production = production;
    this.beganNanos = production.options().nanos().getAsLong();
    this.milestones = production.milestones();
    this.singletons = spawnSingletons(context, production);
    context.getSelf().tell(new NodeOffered("node", production.node()));
    enter(Phase.STARTING, Stage.NONE, "reading the journal, loading the network");
  }

  private static Singletons spawnSingletons(ActorContext<Command> context, Production production) {
    ActorRef<MonitorActor.Command> monitor =
        context.spawn(
            MonitorActor.create(
                production.options().listener(),
                production.specification().runtime().stallAfter(),
                production.options().nanos()),
            "monitor");
    ActorRef<PolicyRegistry.Command> registry = context.spawn(PolicyRegistry.create(), "registry");
    ActorRef<ReplayActor.Command> replay =
        context.spawn(
            ReplayActor.create(production.replaySurroundings(context.getSelf(), monitor)),
            "replay");
    ActorRef<LearnerActor.Command> learner =
        context.spawn(
            LearnerActor.create(
                new LearnerActor.Surroundings(
                    production.specification(),
                    production.learners(),
                    production.shelf(),
                    replay,
                    registry,
                    monitor,
                    context.getSelf(),
                    production.options().crashHook(),
                    production.options().nanos())),
            "learner");
    Singletons singletons = new Singletons(replay, registry, learner, monitor);
    List.of(replay, registry, learner, monitor).forEach(context::watch);
    return singletons;
  }

  /** Lives again after a failure, twice; then the run has failed. */
  static Behavior<Command> create(Production production) {
    return Behaviors.<Command>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> {
                          timers.startTimerAtFixedRate(new Tick(), TICK);
                          return new RunActor(context, production);
                        })))
        .onFailure(SupervisorStrategy.restart().withLimit(2, Duration.ofMinutes(10)));
  }

  @Override
  protected Behavior<Command> onMessage(Command command) {
    switch (command) {
      case NodeOffered(_, var node) -> onNodeOffered(node);
      case RolloutJoined(var name, var rollout) -> onRolloutJoined(name, rollout);
      case ReplayReady ready -> onReplayReady(ready);
      case Reinforced(var version, var lastBatch, var steps) ->
          onReinforced(version, lastBatch, steps);
      case UpdateMade(var version, var batch, var evaluate) ->
          onUpdateMade(version, batch, evaluate);
      case CheckpointCommitted(var checkpoint) -> onCommitted(checkpoint);
      case EvaluationPartDone(var number, var part, var verdicts) ->
          onPartDone(number, part, verdicts);
      case EvaluationImpossible(var number, _, var version) -> onImpossible(number, version);
      case Counted(var now, var skipped) -> onCounted(now, skipped);
      case DiskLow(var free, var least) -> onDiskLow(free, least);
      case DiskFine _ -> onDiskFine();
      case Drain _ -> onDrain();
      case LearnerFinished finished -> onLearnerFinished(finished);
      case ReplayClosed(var now, var skipped) -> onReplayClosed(now, skipped);
      case FiguresSeen(var figures) -> onFigures(figures);
      case Fail(var why) -> fail(why, Optional.empty());
      case StopNow _ -> onStopNow();
      case Tick _ -> onTick();
      case GetSingletons(var to) -> to.tell(singletons);
      case Poison _ -> throw new IllegalStateException("poisoned");
    }
    return this;
  }

  private void onNodeOffered(ActorRef<NodeActor.Command> node) {
    node.tell(
        new NodeActor.Enlist(
            production.specification(),
            context().getSelf(),
            singletons.replay(),
            singletons.registry(),
            singletons.monitor()));
  }

  // The way of a run.

  private void onReplayReady(ReplayReady ready) {
    totals = ready.totals();
    committedBefore = ready.lastCommitted();
    skippedUpdates = ready.skippedUpdates();
    updates = ready.lastCommittedBatch();
    if (phase == Phase.STARTING) {
      Stage next =
          updates == 0 && production.specification().sft().steps() > 0
              ? Stage.SUPERVISED
              : Stage.REINFORCED;
      enter(Phase.RUNNING, next, totals.granted() > 0 ? "resumed" : "");
    }
  }

  private void onReinforced(PolicyVersion version, long lastBatch, long steps) {
    supervisedSteps = steps;
    updates = lastBatch;
    // The learner has read it: it is good.
    lastCheckpoint = lastCheckpoint.or(() -> committedBefore);
    stage = Stage.REINFORCED;
    keepBest();
    enter(phase, stage, lastBatch > 0 ? "goes on after batch [" + lastBatch + "]" : "");
    if (lastBatch == 0 && milestones.before().isEmpty()) {
      evaluate(Occasion.BEFORE, version);
    } else {
      release(version);
    }
  }

  private void onUpdateMade(PolicyVersion version, long batch, boolean evaluate) {
    updates = batch;
    if (evaluate) {
      evaluate(Occasion.DURING, version);
    }
    publishStatus();
  }

  private void onCommitted(CheckpointRef checkpoint) {
    lastCheckpoint = Optional.of(checkpoint);
    milestones.committed(checkpoint, seconds());
    Double known = accuracies.get(checkpoint.update());
    OptionalDouble accuracy = known == null ? OptionalDouble.empty() : OptionalDouble.of(known);
    tell(new RunEvent.CheckpointCommitted(checkpoint, accuracy));
  }

  private void onCounted(LedgerTotals now, long skipped) {
    totals = now;
    skippedUpdates = skipped;
    tell(new RunEvent.LedgerCounted(now));
    publishStatus();
  }

  private void onTick() {
    if (phase == Phase.RUNNING && stage != Stage.CLOSING) {
      milestones
          .enough(production.specification().stop(), seconds(), totals.consumed())
          .ifPresent(this::finish);
    }
    remind();
    evaluations.values().stream()
        .filter(evaluation -> !evaluation.isAssigned())
        .toList()
        .forEach(this::assign);
    singletons.monitor().tell(new MonitorActor.Seen("run", updates + nextEvaluation, waitsFor()));
  }

  private String waitsFor() {
    return evaluations.values().stream()
        .findFirst()
        .map(
            evaluation ->
                evaluation.isAssigned()
                    ? "the samplers to evaluate update [" + evaluation.version().update() + "]"
                    : "all samplers to begin")
        .orElse(closing ? "the replay actor to close the journal" : "the learner");
  }

  private void finish(String why) {
    if (finishing.isEmpty()) {
      finishing = Optional.of(why);
      singletons.learner().tell(new LearnerActor.Finish(why));
    }
  }

  /** A singleton that began anew has forgotten what it was told; all of this may be said twice. */
  private void remind() {
    if (closing && !phase.isOver()) {
      endReplay();
    } else if (last.isEmpty()) {
      finishing.ifPresent(why -> singletons.learner().tell(new LearnerActor.Finish(why)));
      if (phase == Phase.PAUSED) {
        singletons.learner().tell(new LearnerActor.Pause());
      }
    }
  }

  private void keepBest() {
    if (milestones.bestUpdate() >= 0) {
      singletons.learner().tell(new LearnerActor.KeepBest(milestones.bestUpdate()));
    }
  }

  // Evaluations.

  private void evaluate(Occasion occasion, PolicyVersion version) {
    if (production.heldOut().isEmpty()) {
      release(version);
      if (occasion == Occasion.AFTER) {
        close();
      }
      return;
    }
    Evaluation evaluation =
        new Evaluation(nextEvaluation++, occasion, version, production.heldOut());
    evaluations.put(evaluation.number(), evaluation);
    assign(evaluation);
  }

  private void assign(Evaluation evaluation) {
    if (rollouts.size() == production.specification().runtime().rolloutActors()) {
      evaluation
          .assign(new ArrayList<>(rollouts.keySet()))
          .forEach((part, name) -> send(evaluation, part, name));
    }
  }

  private void send(Evaluation evaluation, int part, String name) {
    ActorRef<RolloutActor.Command> rollout = rollouts.get(name);
    if (rollout != null) {
      rollout.tell(
          new RolloutActor.Evaluate(
              evaluation.number(),
              part,
              evaluation.version(),
              production.verifier(),
              evaluation.tasks(part),
              context().getSelf()));
    }
  }

  private void onRolloutJoined(String name, ActorRef<RolloutActor.Command> rollout) {
    rollouts.put(name, rollout);
    for (Evaluation evaluation : evaluations.values()) {
      evaluation.undone(name).forEach(part -> send(evaluation, part, name));
    }
  }

  private void onPartDone(long number, int part, List<JudgedTrajectory> verdicts) {
    Evaluation evaluation = evaluations.get(number);
    if (evaluation != null && evaluation.done(part, verdicts)) {
      evaluations.remove(number);
      onEvaluated(evaluation);
    }
  }

  private void onEvaluated(Evaluation evaluation) {
    PolicyVersion version = evaluation.version();
    lastEvaluated = Optional.of(evaluation);
    double accuracy = evaluation.accuracy();
    accuracies.put(version.update(), accuracy);
    boolean best = milestones.evaluated(evaluation.occasion(), version.update(), accuracy);
    if (best) {
      keepBest();
    }
    tell(
        new RunEvent.EvaluationEnded(
            evaluation.occasion(),
            version,
            accuracy,
            evaluation.failed(),
            best,
            evaluation.answers()));
    release(version);
    if (isLast(version)) {
      settleAfter(evaluation);
      close();
    } else if (phase == Phase.RUNNING) {
      milestones.enough(production.specification().stop(), accuracy).ifPresent(this::finish);
    }
    publishStatus();
  }

  private void settleAfter(Evaluation evaluation) {
    accuracyAfter = OptionalDouble.of(evaluation.accuracy());
    answers = evaluation.answers().stream().limit(ANSWERS_SHOWN).toList();
  }

  private void onImpossible(long number, PolicyVersion version) {
    if (evaluations.remove(number) != null) {
      context().getLog().warn("evaluation of [{}] is not possible: its weights are gone", version);
      if (isLast(version)) {
        close();
      }
    }
  }

  private void release(PolicyVersion version) {
    singletons.registry().tell(new PolicyRegistry.Release(version));
  }

  // Pauses.

  private void onDiskLow(long free, long least) {
    if (phase == Phase.RUNNING) {
      singletons.learner().tell(new LearnerActor.Pause());
      enter(
          Phase.PAUSED,
          stage,
          "["
              + free
              + "] bytes of disk are free at ["
              + production.directory().root()
              + "], less than the ["
              + least
              + "] of replay.journal.free-disk-min; the run goes on when there is room");
    }
  }

  private void onDiskFine() {
    if (phase == Phase.PAUSED) {
      singletons.learner().tell(new LearnerActor.GoOn());
      enter(Phase.RUNNING, stage, "there is disk again");
    }
  }

  // The end.

  private void onDrain() {
    if (phase == Phase.STARTING || phase == Phase.RUNNING || phase == Phase.PAUSED) {
      singletons.replay().tell(new ReplayActor.Hold("the run drains"));
      singletons.learner().tell(new LearnerActor.GoOn());
      finish("drained");
      enter(Phase.DRAINING, stage, "finishing the update under way");
    }
  }

  private void onLearnerFinished(LearnerFinished finished) {
    if (last.isEmpty() && !phase.isOver()) {
      last = Optional.of(finished);
      updates = finished.lastBatch();
      singletons.replay().tell(new ReplayActor.Hold(finished.why()));
      if (phase == Phase.DRAINING || finished.version().isEmpty()) {
        close();
      } else {
        enter(phase, Stage.CLOSING, finished.why());
        evaluateLast(finished.version().get());
      }
    }
  }

  private void evaluateLast(PolicyVersion version) {
    Optional<Evaluation> known =
        lastEvaluated.filter(evaluation -> evaluation.version().equals(version));
    boolean underWay =
        evaluations.values().stream().anyMatch(evaluation -> evaluation.version().equals(version));
    if (known.isPresent()) {
      settleAfter(known.get());
      close();
    } else if (!underWay) {
      evaluate(Occasion.AFTER, version);
    }
  }

  private boolean isLast(PolicyVersion version) {
    return last.flatMap(LearnerFinished::version).filter(version::equals).isPresent()
        && phase != Phase.DRAINING;
  }

  private void close() {
    if (!closing) {
      closing = true;
      endReplay();
    }
  }

  private void endReplay() {
    boolean resumable = phase == Phase.DRAINING;
    String why = last.map(LearnerFinished::why).orElse("");
    singletons.replay().tell(resumable ? new ReplayActor.Close() : new ReplayActor.EndRun(why));
  }

  private void onReplayClosed(LedgerTotals now, long skipped) {
    totals = now;
    skippedUpdates = skipped;
    singletons.monitor().tell(new MonitorActor.GetFigures(context().getSelf()));
  }

  private void onFigures(RunFigures figures) {
    if (!phase.isOver()) {
      boolean drained = phase == Phase.DRAINING;
      String why = last.map(LearnerFinished::why).orElse(detail);
      milestones.wall(seconds());
      enter(Phase.DONE, stage, why);
      production.ended().done(summary(figures, why, drained));
    }
  }

  private void onStopNow() {
    if (!phase.isOver()) {
      enter(Phase.DONE, stage, "stopped at once");
      production
          .ended()
          .done(summary(new RunFigures(RunEvent.Rates.none(), 0), "stopped at once", true));
    }
  }

  private RunSummary summary(RunFigures figures, String why, boolean resumable) {
    return new RunSummary(
        production.specification().name(),
        why,
        resumable,
        milestones.before(),
        accuracyAfter,
        updates,
        skippedUpdates,
        totals.consumed(),
        seconds(),
        figures.rates().samplingTokensPerSecond(),
        figures.rates().learningTokensPerSecond(),
        figures.rates().samplingIdleShare(),
        figures.rates().learningIdleShare(),
        figures.meanPolicyLag(),
        milestones.best(),
        milestones.bestCheckpoint(),
        lastCheckpoint,
        totals,
        answers);
  }

  private void fail(String why, Optional<Throwable> cause) {
    if (!phase.isOver()) {
      String safe =
          lastCheckpoint
              .map(ref -> "the last good checkpoint is of update [" + ref.update() + "]")
              .or(
                  () ->
                      committedBefore.map(
                          ref ->
                              "the last committed checkpoint is of update [" + ref.update() + "]"))
              .orElse("there is no checkpoint yet");
      String message =
          "run ["
              + production.specification().name()
              + "] in ["
              + production.directory().root()
              + "] failed: "
              + why
              + "; "
              + safe
              + "; it can go on with --resume once the cause is mended";
      enter(Phase.FAILED, stage, why);
      production
          .ended()
          .failed(
              cause
                  .map(thrown -> new RunFailedException(message, thrown))
                  .orElseGet(() -> new RunFailedException(message)));
    }
  }

  private void enter(Phase next, Stage nextStage, String why) {
    phase = next;
    stage = nextStage;
    detail = why;
    tell(new RunEvent.PhaseChanged(next, nextStage, why));
    publishStatus();
  }

  private void publishStatus() {
    production
        .ended()
        .status(
            new RunStatus(
                phase,
                stage,
                detail,
                supervisedSteps,
                updates,
                production.specification().stop().updates(),
                milestones.best(),
                totals));
  }

  private void tell(RunEvent event) {
    singletons.monitor().tell(new MonitorActor.Tell(event));
  }

  private double seconds() {
    return (production.options().nanos().getAsLong() - beganNanos) / 1e9;
  }

  @Override
  protected Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated ended) {
      Optional<Throwable> cause =
          ended instanceof ChildFailed failed ? Optional.of(failed.getCause()) : Optional.empty();
      String name = ended.getRef().path().name();
      fail("actor [" + name + "] " + cause.map(Object::toString).orElse("ended"), cause);
    }
    return this;
  }
}
