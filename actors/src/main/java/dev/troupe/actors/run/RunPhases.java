package dev.troupe.actors.run;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.replay.ReplayActor;
import java.nio.file.Path;

/**
 * The phase and the stage that a run is in, and what pauses it: somebody, a full disk, or a
 * verifier past its failure budget. As long as one of them does, nothing new is begun.
 *
 * <pre>
 *   starting ─▶ running ⇄ paused
 *                 │  └──▶ draining ─▶ done (resumable)
 *                 └─ enough ─▶ last evaluation ─▶ done
 *   any of them ─▶ failed, with the cause and the last good checkpoint
 * </pre>
 */
final class RunPhases {
  private final Path root;
  private final RunProgress progress;
  private final Milestones milestones;
  private final RunHands hands;
  private Phase phase = Phase.STARTING;
  private Stage stage = Stage.NONE;
  private String detail = "";
  private boolean pausedByHand;
  private boolean diskLow;
  private boolean overBudget;

  /**
   * @param root the run's directory, for people
   */
  RunPhases(Path root, RunProgress progress, Milestones milestones, RunHands hands) {
    this.root = root;
    this.progress = progress;
    this.milestones = milestones;
    this.hands = hands;
  }

  boolean is(Phase asked) {
    return phase == asked;
  }

  boolean isAt(Stage asked) {
    return stage == asked;
  }

  boolean isOver() {
    return phase.isOver();
  }

  /** Why the run is in this phase, for people. */
  String detail() {
    return detail;
  }

  void enter(Phase next, String why) {
    enter(next, stage, why);
  }

  void enter(Stage next, String why) {
    enter(phase, next, why);
  }

  private void enter(Phase next, Stage nextStage, String why) {
    phase = next;
    stage = nextStage;
    detail = why;
    hands.toMonitor(new MonitorActor.Tell(new RunEvent.PhaseChanged(next, nextStage, why)));
    publish();
  }

  /** Whoever began the run sees how it stands. */
  void publish() {
    hands.outside().status(progress.status(phase, stage, detail, milestones.best()));
  }

  /** Everything is ready for {@code next}; who wanted a pause before gets it now. */
  void run(Stage next, String why) {
    enter(Phase.RUNNING, next, why);
    if (pausedByHand) {
      pauseByHand();
    }
  }

  void pauseByHand() {
    pausedByHand = true;
    hands.toReplay(new ReplayActor.Hold("the run is paused"));
    pause("somebody paused it; it goes on when told to");
  }

  void goOnByHand() {
    pausedByHand = false;
    if (overBudget) {
      overBudget = false;
      hands.toReplay(new ReplayActor.Forgive());
    }
    if (!diskLow) {
      hands.toReplay(new ReplayActor.GoOn());
    }
    goOn("told to go on");
  }

  /** The replay actor grants nothing until the verifier is swapped or it is told to forgive. */
  void budgetSpent(RunActor.BudgetSpent spent) {
    overBudget = true;
    pause(
        "verifier ["
            + spent.verifier().words()
            + "] is past reward.failure-budget: "
            + spent.why()
            + "; for example "
            + spent.examples()
            + ". It goes on after ./troupe reward swap, or ./troupe continue");
  }

  /** Another verifier judges: what the one before failed in doesn't count. */
  void verifierTaken() {
    if (overBudget) {
      overBudget = false;
      goOn("another verifier judges");
    }
  }

  boolean isOverBudget() {
    return overBudget;
  }

  /** The replay actor grants nothing any more, by itself. */
  void diskLow(long freeBytes, long freeMinBytes) {
    diskLow = true;
    pause(
        "["
            + freeBytes
            + "] bytes of disk are free at ["
            + root
            + "], less than the ["
            + freeMinBytes
            + "] of replay.journal.free-disk-min; the run goes on when there is room");
  }

  void diskFine() {
    diskLow = false;
    goOn("there is disk again");
  }

  private void pause(String why) {
    if (phase == Phase.RUNNING) {
      hands.toLearner(new LearnerActor.Pause());
      enter(Phase.PAUSED, why);
    }
  }

  private void goOn(String why) {
    if (phase == Phase.PAUSED && !pausedByHand && !diskLow && !overBudget) {
      hands.toLearner(new LearnerActor.GoOn());
      enter(Phase.RUNNING, why);
    }
  }

  /** What is under way is still finished; false if the run ends or drains anyway. */
  boolean drain() {
    if (phase != Phase.STARTING && phase != Phase.RUNNING && phase != Phase.PAUSED) {
      return false;
    }
    hands.toReplay(new ReplayActor.Hold("the run drains"));
    hands.toLearner(new LearnerActor.GoOn());
    enter(Phase.DRAINING, "finishing the update under way");
    return true;
  }
}
