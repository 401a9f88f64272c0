package dev.troupe.actors.run;

import dev.troupe.actors.ThinActor;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeReport;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.RewardActor;
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
import java.util.Set;
import java.util.SortedMap;
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

  /** These nodes take part from now on. */
  public record Nodes(List<Place> places) implements Command, Local {
    public Nodes {
      places = List.copyOf(places);
    }
  }

  /** What there is on a node. */
  public record NodeReported(NodeReport report) implements Command, Wire {}

  /** {@code reward} answers nobody. */
  public record RewardUnresponsive(ActorRef<RewardActor.Command> reward) implements Command, Wire {}

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

  /** A sampler's verdicts on a part of an evaluation, from its task {@code from} on. */
  public record EvaluationPartDone(
      long evaluation, int part, int from, List<JudgedTrajectory> verdicts)
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

  /** Begin nothing new until {@link GoOn}: somebody wants it so. */
  public record Pause() implements Command, Local {}

  /** The pause that somebody wanted is over. */
  public record GoOn() implements Command, Local {}

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
      ActorRef<MonitorActor.Command> monitor)
      implements Local {}

  private static final Duration TICK = Duration.ofMillis(250);
  private static final int TICKS_TO_REMIND = 8;
  private static final int TICKS_TO_ASSIGN_SOME = 40;
  private static final int TICKS_TO_WRITE_TIME = 40;
  private static final int TICKS_TO_CLOSE_WITHOUT_LEARNER = 40;
  private static final int ANSWERS_SHOWN = 10;

  /** Evaluations of different lives of this actor have different numbers. */
  private static final long EVALUATIONS_IN_TERM = 1L << 20;

  private final Production production;
  private final Singletons singletons;
  private final Milestones milestones;
  private final long beganNanos;
  private final RunNodes nodes;
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
  private long nextEvaluation;
  private Optional<LearnerFinished> last = Optional.empty();
  private OptionalDouble accuracyAfter = OptionalDouble.empty();
  private Optional<CheckpointRef> lastCheckpoint = Optional.empty();
  private Optional<CheckpointRef> committedBefore = Optional.empty();
  private List<RunEvent.Answer> answers = List.of();
  private boolean closing;
  private boolean closed;
  private boolean pausedByHand;
  private boolean diskLow;
  private long ticks;
  private int ticksWithoutLearner;

  private RunActor(ActorContext<Command> context, Production production) {
    super(context);
    this.production = production;
    this.beganNanos = production.options().nanos().getAsLong();
    this.milestones = production.milestones();
    milestones.begin();
    long term = production.terms().incrementAndGet();
    this.nextEvaluation = term * EVALUATIONS_IN_TERM + 1;
    this.singletons = spawnSingletons(context, production);
    this.nodes =
        new RunNodes(
            production.name(),
            term,
            production.specification(),
            new NodeActor.Singletons(
                context.getSelf(),
                singletons.replay(),
                singletons.registry(),
                singletons.monitor()),
            production.token());
    onNodes(production.places().get());
    enter(Phase.STARTING, Stage.NONE, "reading the journal, loading the network");
  }

  private static Singletons spawnSingletons(ActorContext<Command> context, Production production) {
    ActorRef<MonitorActor.Command> monitor =
        context.spawn(
            MonitorActor.create(
                production.options().listener(),
                production.ended()::actors,
                production.specification().runtime().stallAfter(),
                production.options().threads(),
                production.options().nanos()),
            "monitor");
    ActorRef<PolicyRegistry.Command> registry = context.spawn(PolicyRegistry.create(), "registry");
    ActorRef<ReplayActor.Command> replay =
        context.spawn(
            ReplayActor.create(production.replaySurroundings(context.getSelf(), monitor)),
            "replay");
    Singletons singletons = new Singletons(replay, registry, monitor);
    List.of(replay, registry, monitor).forEach(context::watch);
    return singletons;
  }

  /** Lives again after a failure, twice; then the run has failed. */
  public static Behavior<Command> create(Production production) {
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
      case Nodes(var places) -> onNodes(places);
      case NodeReported(var report) -> onChange(nodes.reported(report));
      case RewardUnresponsive(var reward) -> nodes.unresponsive(reward);
      case ReplayReady ready -> onReplayReady(ready);
      case Reinforced(var version, var lastBatch, var steps) ->
          onReinforced(version, lastBatch, steps);
      case UpdateMade(var version, var batch, var evaluate) ->
          onUpdateMade(version, batch, evaluate);
      case CheckpointCommitted(var checkpoint) -> onCommitted(checkpoint);
      case EvaluationPartDone(var number, var part, var from, var verdicts) ->
          onPartDone(number, part, from, verdicts);
      case EvaluationImpossible(var number, _, var version) -> onImpossible(number, version);
      case Counted(var now, var skipped) -> onCounted(now, skipped);
      case DiskLow(var free, var least) -> onDiskLow(free, least);
      case DiskFine _ -> onDiskFine();
      case Pause _ -> onPause();
      case GoOn _ -> onGoOn();
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

  // Nodes.

  private void onNodes(List<Place> places) {
    nodes.set(places).forEach(joined -> context().watch(joined.ref()));
    singletons.replay().tell(new ReplayActor.NodesPresent(nodes.names()));
  }

  private void onChange(RunNodes.Change change) {
    if (!change.gone().isEmpty()) {
      singletons.monitor().tell(new MonitorActor.Gone(Set.copyOf(change.gone())));
    }
    SortedMap<String, ActorRef<RolloutActor.Command>> rollouts = nodes.rollouts();
    for (Evaluation evaluation : evaluations.values()) {
      for (String gone : change.gone()) {
        if (!rollouts.isEmpty()) {
          evaluation
              .reassign(gone, List.copyOf(rollouts.keySet()))
              .forEach((part, name) -> send(evaluation, part, name));
        }
      }
      for (String begun : change.begun()) {
        evaluation.undone(begun).forEach(part -> send(evaluation, part, begun));
      }
    }
    if (change.learnerJoined()) {
      keepBest();
      remind();
    }
  }

  private void onNodeLost(String node) {
    singletons.replay().tell(new ReplayActor.NodeLost(node));
    if (!phase.isOver()) {
      tell(new RunEvent.NodeLost(node));
    }
    onChange(nodes.lost(node));
  }

  private void toLearner(LearnerActor.Command command) {
    nodes.learner().ifPresent(learner -> learner.tell(command));
  }

  // The way of a run.

  private void onReplayReady(ReplayReady ready) {
    totals = ready.totals();
    committedBefore = ready.lastCommitted();
    skippedUpdates = ready.skippedUpdates();
    // A learner that outlived a takeover may have said more than the last checkpoint knows.
    updates = Math.max(updates, ready.lastCommittedBatch());
    supervisedSteps =
        Math.max(supervisedSteps, ready.lastCommitted().map(this::supervisedStepsIn).orElse(0L));
    if (phase == Phase.STARTING) {
      singletons.replay().tell(new ReplayActor.NodesPresent(nodes.names()));
      boolean supervised =
          stage != Stage.REINFORCED
              && updates == 0
              && supervisedSteps < production.specification().sft().steps();
      Stage next = supervised ? Stage.SUPERVISED : Stage.REINFORCED;
      enter(Phase.RUNNING, next, totals.granted() > 0 ? "resumed" : "");
      if (pausedByHand) {
        onPause();
      }
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
    supervisedSteps = supervisedStepsIn(checkpoint);
    milestones.committed(checkpoint);
    singletons.monitor().tell(new MonitorActor.GetFigures(context().getSelf()));
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
    if (++ticks % TICKS_TO_REMIND == 0) {
      nodes.remind();
    }
    if (ticks % TICKS_TO_WRITE_TIME == 0 && !phase.isOver()) {
      milestones.wall(seconds());
    }
    if (phase == Phase.DRAINING && nodes.learner().isEmpty()) {
      if (++ticksWithoutLearner > TICKS_TO_CLOSE_WITHOUT_LEARNER) {
        close();
      }
    } else {
      ticksWithoutLearner = 0;
    }
    for (Evaluation evaluation : List.copyOf(evaluations.values())) {
      if (!evaluation.isAssigned()) {
        assign(evaluation);
      } else if (ticks % TICKS_TO_ASSIGN_SOME == 0) {
        resend(evaluation);
      }
    }
    singletons.monitor().tell(new MonitorActor.Seen("run", updates + nextEvaluation, waitsFor()));
  }

  private String waitsFor() {
    return evaluations.values().stream()
        .findFirst()
        .map(
            evaluation ->
                evaluation.isAssigned()
                    ? "the samplers to evaluate update [" + evaluation.version().update() + "]"
                    : "samplers to begin")
        .orElseGet(this::waitsForWhom);
  }

  private String waitsForWhom() {
    if (closing) {
      return "the replay actor to close the journal";
    }
    if (nodes.learner().isEmpty()) {
      return "a learner node";
    }
    if (stage == Stage.REINFORCED && nodes.rollouts().isEmpty()) {
      return "a rollout node";
    }
    if (stage == Stage.REINFORCED && !nodes.areRewardsPresent()) {
      return "a reward node";
    }
    return "the learner";
  }

  private void finish(String why) {
    if (finishing.isEmpty()) {
      finishing = Optional.of(why);
      toLearner(new LearnerActor.Finish(why));
    }
  }

  /** A singleton that began anew has forgotten what it was told; all of this may be said twice. */
  private void remind() {
    if (closing && !phase.isOver()) {
      endReplay();
    } else if (last.isEmpty()) {
      finishing.ifPresent(why -> toLearner(new LearnerActor.Finish(why)));
      if (phase == Phase.PAUSED) {
        toLearner(new LearnerActor.Pause());
      }
    }
  }

  private void keepBest() {
    if (milestones.bestUpdate() >= 0) {
      toLearner(new LearnerActor.KeepBest(milestones.bestUpdate()));
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

  /** To all samplers that there will be; after a while, to those that there are. */
  private void assign(Evaluation evaluation) {
    SortedMap<String, ActorRef<RolloutActor.Command>> rollouts = nodes.rollouts();
    boolean all = rollouts.size() >= nodes.rolloutsWanted();
    boolean some = ticks % TICKS_TO_ASSIGN_SOME == 0;
    if (!rollouts.isEmpty() && (all || some)) {
      evaluation
          .assign(new ArrayList<>(rollouts.keySet()))
          .forEach((part, name) -> send(evaluation, part, name));
    }
  }

  /** An order, or what came of it, may not have been heard. */
  private void resend(Evaluation evaluation) {
    List<String> present = List.copyOf(nodes.rollouts().keySet());
    evaluation
        .undone()
        .forEach(
            (part, name) -> {
              if (present.contains(name)) {
                send(evaluation, part, name);
              } else if (!present.isEmpty()) {
                evaluation
                    .reassign(name, present)
                    .forEach((moved, to) -> send(evaluation, moved, to));
              }
            });
  }

  private void send(Evaluation evaluation, int part, String name) {
    ActorRef<RolloutActor.Command> rollout = nodes.rollouts().get(name);
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

  private void onPartDone(long number, int part, int from, List<JudgedTrajectory> verdicts) {
    Evaluation evaluation = evaluations.get(number);
    if (evaluation != null && evaluation.done(part, from, verdicts)) {
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
    diskLow = true;
    pause(
        "["
            + free
            + "] bytes of disk are free at ["
            + production.directory().root()
            + "], less than the ["
            + least
            + "] of replay.journal.free-disk-min; the run goes on when there is room");
  }

  private void onDiskFine() {
    diskLow = false;
    goOn("there is disk again");
  }

  private void onPause() {
    pausedByHand = true;
    singletons.replay().tell(new ReplayActor.Hold("the run is paused"));
    pause("somebody paused it; it goes on when told to");
  }

  private void onGoOn() {
    pausedByHand = false;
    if (!diskLow) {
      singletons.replay().tell(new ReplayActor.GoOn());
    }
    goOn("told to go on");
  }

  private void pause(String why) {
    if (phase == Phase.RUNNING) {
      toLearner(new LearnerActor.Pause());
      enter(Phase.PAUSED, stage, why);
    }
  }

  private void goOn(String why) {
    if (phase == Phase.PAUSED && !pausedByHand && !diskLow) {
      toLearner(new LearnerActor.GoOn());
      enter(Phase.RUNNING, stage, why);
    }
  }

  // The end.

  private void onDrain() {
    if (phase == Phase.STARTING || phase == Phase.RUNNING || phase == Phase.PAUSED) {
      singletons.replay().tell(new ReplayActor.Hold("the run drains"));
      toLearner(new LearnerActor.GoOn());
      finish("stopped on request");
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
    closed = true;
    singletons.monitor().tell(new MonitorActor.GetFigures(context().getSelf()));
  }

  /** They are asked for at every checkpoint, and at the end. */
  private void onFigures(RunFigures figures) {
    if (phase.isOver()) {
      return;
    }
    milestones.figures(figures);
    milestones.wall(seconds());
    if (closed) {
      boolean drained = phase == Phase.DRAINING;
      String why = last.map(LearnerFinished::why).orElse(detail);
      enter(Phase.DONE, stage, why);
      production.ended().done(summary(why, drained));
    }
  }

  private void onStopNow() {
    if (!phase.isOver()) {
      milestones.wall(seconds());
      enter(Phase.DONE, stage, "stopped at once");
      production.ended().done(summary("stopped at once", true));
    }
  }

  private RunSummary summary(String why, boolean resumable) {
    RunFigures figures = milestones.figures();
    return new RunSummary(
        production.specification().name(),
        why,
        resumable,
        milestones.before(),
        accuracyAfter,
        updates,
        skippedUpdates,
        totals.consumed(),
        milestones.lives(),
        milestones.seconds(),
        figures.samplingTokensPerSecond(),
        figures.learningTokensPerSecond(),
        figures.samplingIdleShare(),
        figures.learningIdleShare(),
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
              .map(ref -> "the last good checkpoint is " + words(ref))
              .or(
                  () ->
                      committedBefore.map(ref -> "the last committed checkpoint is " + words(ref)))
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
              + "; --resume goes on once the cause is gone";
      enter(Phase.FAILED, stage, why);
      production
          .ended()
          .failed(
              cause
                  .map(thrown -> new RunFailedException(message, thrown))
                  .orElseGet(() -> new RunFailedException(message)));
    }
  }

  private long supervisedStepsIn(CheckpointRef checkpoint) {
    return Math.min(checkpoint.update(), production.specification().sft().steps());
  }

  /** Steps are supervised ones and updates together. */
  private String words(CheckpointRef checkpoint) {
    long made = checkpoint.update() - supervisedStepsIn(checkpoint);
    return "of step [" + checkpoint.update() + "]" + (made == 0 ? "" : ", update [" + made + "]");
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
      Optional<String> node = nodes.find(ended.getRef());
      if (node.isPresent()) {
        onNodeLost(node.get());
        return this;
      }
      if (!isSingleton(ended.getRef())) {
        return this;
      }
      Optional<Throwable> cause =
          ended instanceof ChildFailed failed ? Optional.of(failed.getCause()) : Optional.empty();
      String name = ended.getRef().path().name();
      fail("actor [" + name + "] " + cause.map(Object::toString).orElse("ended"), cause);
    }
    return this;
  }

  private boolean isSingleton(ActorRef<?> ref) {
    return List.of(singletons.replay(), singletons.registry(), singletons.monitor()).stream()
        .anyMatch(own -> own.path().equals(ref.path()));
  }
}
