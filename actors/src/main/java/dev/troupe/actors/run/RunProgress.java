package dev.troupe.actors.run;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.run.RunSpecification;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far a run has come: steps, updates, the ledger's counts and the checkpoints that count. What
 * the run's status, its summary and the words of its failure tell is made here.
 */
final class RunProgress {
  private static final int ANSWERS_SHOWN = 10;

  private final RunSpecification specification;
  private LedgerTotals totals = LedgerTotals.none();
  private long skippedUpdates;
  private long supervisedSteps;
  private long updates;
  private Optional<CheckpointRef> lastCheckpoint = Optional.empty();
  private Optional<CheckpointRef> committedBefore = Optional.empty();
  private OptionalDouble accuracyAfter = OptionalDouble.empty();
  private List<RunEvent.Answer> answers = List.of();

  RunProgress(RunSpecification specification) {
    this.specification = specification;
  }

  /** This is in the run's files already. */
  void found(RunActor.ReplayReady ready) {
    counted(ready.totals(), ready.skippedUpdates());
    committedBefore = ready.lastCommitted();
    // A learner that outlived a takeover may have said more than the last checkpoint knows.
    updates = Math.max(updates, ready.lastCommittedBatch());
    supervisedSteps =
        Math.max(supervisedSteps, committedBefore.map(this::supervisedStepsIn).orElse(0L));
  }

  void counted(LedgerTotals now, long skipped) {
    totals = now;
    skippedUpdates = skipped;
  }

  /** The learner goes on from here. */
  void reinforced(long lastBatch, long steps) {
    supervisedSteps = steps;
    updates = lastBatch;
    // The learner has read it: it is good.
    lastCheckpoint = lastCheckpoint.or(() -> committedBefore);
  }

  void updated(long batch) {
    updates = batch;
  }

  void committed(CheckpointRef checkpoint) {
    lastCheckpoint = Optional.of(checkpoint);
    supervisedSteps = supervisedStepsIn(checkpoint);
  }

  /** The final weights came to this. */
  void settled(Evaluation evaluation) {
    accuracyAfter = OptionalDouble.of(evaluation.accuracy());
    answers = evaluation.answers().stream().limit(ANSWERS_SHOWN).toList();
  }

  LedgerTotals totals() {
    return totals;
  }

  long updates() {
    return updates;
  }

  /** Whether supervised steps come before reinforcement learning goes on. */
  boolean isSupervisedNext() {
    return updates == 0 && supervisedSteps < specification.sft().steps();
  }

  RunStatus status(Phase phase, Stage stage, String detail, OptionalDouble best) {
    return new RunStatus(
        phase,
        stage,
        detail,
        supervisedSteps,
        updates,
        specification.stop().updates(),
        best,
        totals);
  }

  RunSummary summary(String why, boolean resumable, Milestones milestones) {
    RunFigures figures = milestones.figures();
    return new RunSummary(
        specification.name(),
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

  /** That the run in {@code root} failed, why, what is safe and what to do next. */
  String failure(Path root, String why) {
    String safe =
        lastCheckpoint
            .map(ref -> "the last good checkpoint is " + words(ref))
            .or(() -> committedBefore.map(ref -> "the last committed checkpoint is " + words(ref)))
            .orElse("there is no checkpoint yet");
    return "run ["
        + specification.name()
        + "] in ["
        + root
        + "] failed: "
        + why
        + "; "
        + safe
        + "; --resume goes on once the cause is gone";
  }

  private long supervisedStepsIn(CheckpointRef checkpoint) {
    return Math.min(checkpoint.update(), specification.sft().steps());
  }

  /** Steps are supervised ones and updates together. */
  private String words(CheckpointRef checkpoint) {
    long made = checkpoint.update() - supervisedStepsIn(checkpoint);
    return "of step [" + checkpoint.update() + "]" + (made == 0 ? "" : ", update [" + made + "]");
  }
}
