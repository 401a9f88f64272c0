package dev.troupe.actors.run;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.run.RunEvent.Occasion;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.StopSpecification;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * What follows from all that a run's actor hears, from the first node to the last evaluation;
 * {@link RunHands} carry it out. There is no actor and no clock in it.
 *
 * <ul>
 *   <li>{@link RunPhases}: the phase, and what pauses the run.
 *   <li>{@link Evaluations}: what is evaluated, and by whom.
 *   <li>{@link RunProgress}: how far it has come, for status and summary.
 *   <li>{@link Milestones}: what outlives the process.
 * </ul>
 */
final class RunDecisions {
  private static final int TICKS_TO_ASSIGN_SOME = 40;
  private static final int TICKS_TO_WRITE_TIME = 40;
  private static final int TICKS_TO_CLOSE_WITHOUT_LEARNER = 40;

  private final Path root;
  private final StopSpecification stop;
  private final RunPhases phases;
  private final Evaluations evaluations;
  private final RunProgress progress;
  private final Milestones milestones;
  private final DoubleSupplier seconds;
  private final RunHands hands;
  private RunPresence present = RunPresence.NOBODY;
  private Optional<String> finishing = Optional.empty();
  private Optional<RunActor.LearnerFinished> last = Optional.empty();
  private boolean closing;
  private boolean closed;
  private long ticks;
  private int ticksWithoutLearner;

  /**
   * @param root the run's directory, for people
   * @param seconds of this life of the run so far
   */
  RunDecisions(
      RunSpecification specification,
      Path root,
      Milestones milestones,
      Evaluations evaluations,
      DoubleSupplier seconds,
      RunHands hands) {
    this.root = root;
    this.stop = specification.stop();
    this.milestones = milestones;
    this.progress = new RunProgress(specification);
    this.phases = new RunPhases(root, progress, milestones, hands);
    this.evaluations = evaluations;
    this.seconds = seconds;
    this.hands = hands;
  }

  /** A life of the run begins. */
  void begin() {
    phases.enter(Phase.STARTING, "reading the journal, loading the network");
  }

  /** Pauses are its own matter. */
  RunPhases phases() {
    return phases;
  }

  // Nodes.

  /** Other nodes take part than before, or with other shares. */
  void nodes(RunPresence now) {
    present = now;
    hands.toReplay(new ReplayActor.NodesPresent(now.nodes()));
  }

  /** A node's report, or its loss, changed who is there. */
  void changed(RunNodes.Change change, RunPresence now) {
    present = now;
    if (!change.gone().isEmpty()) {
      hands.toMonitor(new MonitorActor.Gone(Set.copyOf(change.gone())));
    }
    evaluations.changed(change, present).forEach(hands::evaluate);
    if (change.learnerJoined()) {
      keepBest();
      remind();
    }
  }

  void nodeLost(String node) {
    hands.toReplay(new ReplayActor.NodeLost(node));
    if (!phases.isOver()) {
      tell(new RunEvent.NodeLost(node));
    }
  }

  // The way of a run.

  /** The journal is read. */
  void replayReady(RunActor.ReplayReady ready) {
    progress.found(ready);
    if (phases.is(Phase.STARTING)) {
      hands.toReplay(new ReplayActor.NodesPresent(present.nodes()));
      boolean supervised = !phases.isAt(Stage.REINFORCED) && progress.isSupervisedNext();
      phases.run(
          supervised ? Stage.SUPERVISED : Stage.REINFORCED,
          ready.totals().granted() > 0 ? "resumed" : "");
    }
  }

  void reinforced(PolicyVersion version, long lastBatch, long steps) {
    progress.reinforced(lastBatch, steps);
    keepBest();
    phases.enter(Stage.REINFORCED, lastBatch > 0 ? "goes on after batch [" + lastBatch + "]" : "");
    if (lastBatch == 0 && milestones.before().isEmpty()) {
      evaluate(Occasion.BEFORE, version);
    } else {
      release(version);
    }
  }

  void updateMade(PolicyVersion version, long batch, boolean evaluate) {
    progress.updated(batch);
    if (evaluate) {
      evaluate(Occasion.DURING, version);
    }
    phases.publish();
  }

  void committed(CheckpointRef checkpoint) {
    progress.committed(checkpoint);
    milestones.committed(checkpoint);
    hands.askForFigures();
    tell(new RunEvent.CheckpointCommitted(checkpoint, evaluations.accuracy(checkpoint.update())));
  }

  void counted(LedgerTotals totals, long skippedUpdates) {
    progress.counted(totals, skippedUpdates);
    tell(new RunEvent.LedgerCounted(totals));
    phases.publish();
  }

  /** Time passes: four times a second. */
  void tick() {
    ticks++;
    if (phases.is(Phase.RUNNING) && !phases.isAt(Stage.CLOSING)) {
      milestones
          .enough(stop, seconds.getAsDouble(), progress.totals().consumed())
          .ifPresent(this::finish);
    }
    remind();
    if (ticks % TICKS_TO_WRITE_TIME == 0 && !phases.isOver()) {
      milestones.wall(seconds.getAsDouble());
    }
    boolean waits = phases.is(Phase.DRAINING) && !present.learner();
    ticksWithoutLearner = waits ? ticksWithoutLearner + 1 : 0;
    if (ticksWithoutLearner > TICKS_TO_CLOSE_WITHOUT_LEARNER) {
      close();
    }
    if (mayDoWithSome()) {
      evaluations.repeat(present).forEach(hands::evaluate);
    }
    assign();
    hands.toMonitor(
        new MonitorActor.Seen("run", progress.updates() + evaluations.next(), waitsFor()));
  }

  private String waitsFor() {
    return evaluations
        .waitsFor()
        .or(() -> Optional.of("the replay actor to close the journal").filter(_ -> closing))
        .or(() -> present.missing(phases.isAt(Stage.REINFORCED)))
        .orElse("the learner");
  }

  private void finish(String why) {
    if (finishing.isEmpty()) {
      finishing = Optional.of(why);
      hands.toLearner(new LearnerActor.Finish(why));
    }
  }

  /** A singleton that began anew has forgotten what it was told; all of this may be said twice. */
  private void remind() {
    if (closing && !phases.isOver()) {
      endReplay();
    } else if (last.isEmpty()) {
      finishing.ifPresent(why -> hands.toLearner(new LearnerActor.Finish(why)));
      if (phases.is(Phase.PAUSED)) {
        hands.toLearner(new LearnerActor.Pause());
      }
    }
  }

  private void keepBest() {
    if (milestones.bestUpdate() >= 0) {
      hands.toLearner(new LearnerActor.KeepBest(milestones.bestUpdate()));
    }
  }

  // Evaluations.

  private void evaluate(Occasion occasion, PolicyVersion version) {
    if (evaluations.areMade()) {
      evaluations.begin(occasion, version);
      assign();
    } else {
      release(version);
      if (occasion == Occasion.AFTER) {
        close();
      }
    }
  }

  private void assign() {
    evaluations.assign(present, mayDoWithSome()).forEach(hands::evaluate);
  }

  /** Now and then those samplers do that there are. */
  private boolean mayDoWithSome() {
    return ticks % TICKS_TO_ASSIGN_SOME == 0;
  }

  void evaluationPartDone(RunActor.EvaluationPartDone done) {
    evaluations
        .done(done.evaluation(), done.part(), done.from(), done.verdicts())
        .ifPresent(this::evaluated);
  }

  private void evaluated(Evaluation evaluation) {
    PolicyVersion version = evaluation.version();
    double accuracy = evaluation.accuracy();
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
      progress.settled(evaluation);
      close();
    } else if (phases.is(Phase.RUNNING)) {
      milestones.enough(stop, accuracy).ifPresent(this::finish);
    }
    phases.publish();
  }

  /** Samplers can't get at {@code version}; whether that evaluation was under way. */
  boolean evaluationImpossible(long number, PolicyVersion version) {
    boolean underWay = evaluations.giveUp(number);
    if (underWay && isLast(version)) {
      close();
    }
    return underWay;
  }

  private void release(PolicyVersion version) {
    hands.toRegistry(new PolicyRegistry.Release(version));
  }

  // The end.

  /** End resumable, after what is under way. */
  void drain() {
    if (phases.drain()) {
      finish("stopped on request");
    }
  }

  void learnerFinished(RunActor.LearnerFinished finished) {
    if (last.isPresent() || phases.isOver()) {
      return;
    }
    last = Optional.of(finished);
    progress.updated(finished.lastBatch());
    hands.toReplay(new ReplayActor.Hold(finished.why()));
    if (phases.is(Phase.DRAINING) || finished.version().isEmpty()) {
      close();
    } else {
      phases.enter(Stage.CLOSING, finished.why());
      evaluateLast(finished.version().get());
    }
  }

  private void evaluateLast(PolicyVersion version) {
    Optional<Evaluation> known = evaluations.lastIfOf(version);
    if (known.isPresent()) {
      progress.settled(known.get());
      close();
    } else if (!evaluations.isUnderWay(version)) {
      evaluate(Occasion.AFTER, version);
    }
  }

  /** Whether an evaluation is under way. */
  boolean isEvaluating() {
    return evaluations.isAnyUnderWay();
  }

  private boolean isLast(PolicyVersion version) {
    return last.flatMap(RunActor.LearnerFinished::version).filter(version::equals).isPresent()
        && !phases.is(Phase.DRAINING);
  }

  private void close() {
    if (!closing) {
      closing = true;
      endReplay();
    }
  }

  private void endReplay() {
    hands.toReplay(
        phases.is(Phase.DRAINING)
            ? new ReplayActor.Close()
            : new ReplayActor.EndRun(last.map(RunActor.LearnerFinished::why).orElse("")));
  }

  void replayClosed(LedgerTotals totals, long skippedUpdates) {
    progress.counted(totals, skippedUpdates);
    closed = true;
    hands.askForFigures();
  }

  /** They are asked for at every checkpoint, and at the end. */
  void figures(RunFigures figures) {
    if (phases.isOver()) {
      return;
    }
    milestones.figures(figures);
    milestones.wall(seconds.getAsDouble());
    if (closed) {
      end(
          last.map(RunActor.LearnerFinished::why).orElse(phases.detail()),
          phases.is(Phase.DRAINING));
    }
  }

  void stopNow() {
    if (!phases.isOver()) {
      milestones.wall(seconds.getAsDouble());
      end("stopped at once", true);
    }
  }

  private void end(String why, boolean resumable) {
    phases.enter(Phase.DONE, why);
    hands.outside().done(progress.summary(why, resumable, milestones));
  }

  void fail(String why, Optional<Throwable> cause) {
    if (!phases.isOver()) {
      String words = progress.failure(root, why);
      phases.enter(Phase.FAILED, why);
      hands
          .outside()
          .failed(
              cause
                  .map(thrown -> new RunFailedException(words, thrown))
                  .orElseGet(() -> new RunFailedException(words)));
    }
  }

  private void tell(RunEvent event) {
    hands.toMonitor(new MonitorActor.Tell(event));
  }
}
