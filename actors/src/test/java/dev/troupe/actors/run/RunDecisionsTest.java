package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDecisionsTest {
  private static final RunPresence ALL =
      new RunPresence(Set.of("n"), true, List.of("n/0", "n/1"), 2, true);
  private static final RunPresence NO_LEARNER =
      new RunPresence(Set.of("n"), false, List.of("n/0", "n/1"), 2, true);
  private static final CheckpointRef CHECKPOINT = new CheckpointRef(10, 1, "a".repeat(64));

  @TempDir Path directory;
  private final RunSaid said = new RunSaid();
  private double seconds;
  private RunDecisions run;

  @BeforeEach
  void begin() {
    run = of(Recipes.small(), 4);
  }

  private RunDecisions of(Recipes recipe, int heldOut) {
    List<Task> tasks = LongStream.range(0, heldOut).mapToObj(FakeEngines::task).toList();
    RunDecisions decisions =
        new RunDecisions(
            recipe.build(),
            directory,
            Milestones.open(new RunDirectory(directory)),
            new Evaluations(tasks, 1),
            () -> seconds,
            said);
    decisions.begin();
    decisions.nodes(ALL);
    return decisions;
  }

  private static PolicyVersion version(long update) {
    return new PolicyVersion(1, update, 0, "00");
  }

  private static RunActor.ReplayReady nothingYet() {
    return new RunActor.ReplayReady(LedgerTotals.none(), 0, Optional.empty(), 0);
  }

  private void reinforced() {
    run.replayReady(nothingYet());
    run.reinforced(version(4), 0, 4);
  }

  /** Every sampler does what it was told to; the first {@code right} answers are right. */
  private void answer(int right) {
    List<Evaluations.Order> orders = List.copyOf(said.orders);
    said.orders.clear();
    int first = 0;
    for (Evaluations.Order order : orders) {
      int from = first;
      int tasks = order.evaluation().tasks(order.part()).size();
      double[] scores =
          IntStream.range(0, tasks).mapToDouble(i -> from + i < right ? 1 : 0).toArray();
      run.evaluationPartDone(
          new RunActor.EvaluationPartDone(
              order.evaluation().number(), order.part(), 0, Verdicts.of(scores)));
      first += tasks;
    }
  }

  private void finished(String why, long update) {
    run.learnerFinished(
        new RunActor.LearnerFinished(
            why, Optional.of(version(update)), update - 4, Optional.of(CHECKPOINT)));
  }

  private void closed() {
    run.replayClosed(LedgerTotals.none(), 0);
    run.figures(RunFigures.none());
  }

  @Test
  void beginsWithSupervisedStepsWhereSomeAreLeft() {
    run.replayReady(nothingYet());
    assertThat(said.statuses.getLast().stage()).isEqualTo(Stage.SUPERVISED);
    assertThat(said.replay).contains(new ReplayActor.NodesPresent(Set.of("n")));
  }

  @Test
  void goesOnWithUpdatesWhereACheckpointHasThem() {
    run.replayReady(new RunActor.ReplayReady(LedgerTotals.none(), 6, Optional.of(CHECKPOINT), 0));
    assertThat(said.statuses.getLast().stage()).isEqualTo(Stage.REINFORCED);
    assertThat(said.statuses.getLast().updates()).isEqualTo(6);
    assertThat(said.statuses.getLast().supervisedSteps()).isEqualTo(4);
  }

  @Test
  void hasNoSupervisedStepsAfterAnUpdate() {
    run = of(Recipes.small().sft(100), 4);
    run.replayReady(new RunActor.ReplayReady(LedgerTotals.none(), 6, Optional.of(CHECKPOINT), 0));
    assertThat(said.statuses.getLast().supervisedSteps()).isEqualTo(10);
    assertThat(said.statuses.getLast().stage()).isEqualTo(Stage.REINFORCED);
  }

  @Test
  void evaluatesTheFirstWeightsAndLetsThemGoAfterwards() {
    reinforced();
    assertThat(said.orders).extracting(Evaluations.Order::sampler).containsExactly("n/0", "n/1");
    assertThat(said.registry).isEmpty();
    answer(1);
    assertThat(said.registry).containsExactly(new PolicyRegistry.Release(version(4)));
    assertThat(said.learner).contains(new LearnerActor.KeepBest(4));
    assertThat(said.statuses.getLast().bestAccuracy()).hasValue(0.25);
  }

  @Test
  void evaluatesTheFirstWeightsOnceInAllItsLives() {
    reinforced();
    answer(1);
    run = of(Recipes.small(), 4);
    reinforced();
    assertThat(said.orders).isEmpty();
  }

  @Test
  void endsAfterTheLastEvaluationTheJournalAndTheFigures() {
    reinforced();
    answer(1);
    finished("enough", 10);
    assertThat(said.statuses.getLast().stage()).isEqualTo(Stage.CLOSING);
    answer(3);
    assertThat(said.replay)
        .containsSubsequence(new ReplayActor.Hold("enough"), new ReplayActor.EndRun("enough"));
    assertThat(said.ended).isEmpty();
    closed();
    RunSummary summary = said.ended.getFirst();
    assertThat(summary.ended()).isEqualTo("enough");
    assertThat(summary.resumable()).isFalse();
    assertThat(summary.accuracyBefore()).hasValue(0.25);
    assertThat(summary.accuracyAfter()).hasValue(0.75);
    assertThat(summary.updates()).isEqualTo(6);
  }

  @Test
  void doesNotEvaluateTheLastWeightsASecondTime() {
    reinforced();
    answer(0);
    run.updateMade(version(10), 6, true);
    answer(2);
    finished("enough", 10);
    assertThat(said.orders).isEmpty();
    closed();
    assertThat(said.ended.getFirst().accuracyAfter()).hasValue(0.5);
  }

  @Test
  void endsWithoutAnEvaluationWhoseWeightsAreGone() {
    reinforced();
    answer(1);
    finished("enough", 10);
    long number = said.orders.getFirst().evaluation().number();
    assertThat(run.evaluationImpossible(number, version(10))).isTrue();
    assertThat(run.evaluationImpossible(number, version(10))).isFalse();
    closed();
    assertThat(said.ended.getFirst().accuracyAfter()).isEmpty();
  }

  @Test
  void endsAtOnceWhereNothingIsHeldOut() {
    run = of(Recipes.small(), 0);
    reinforced();
    assertThat(said.registry).containsExactly(new PolicyRegistry.Release(version(4)));
    finished("enough", 10);
    assertThat(said.replay).contains(new ReplayActor.EndRun("enough"));
  }

  @Test
  void tellsTheLearnerOfAConditionUntilItFinishes() {
    run = of(Recipes.small().stopAtAccuracy(0.5), 4);
    reinforced();
    said.learner.clear();
    answer(2);
    run.tick();
    run.tick();
    var finish =
        new LearnerActor.Finish("an evaluation reached [0.500], the recipe asks for [0.500]");
    assertThat(said.learner).containsExactly(new LearnerActor.KeepBest(4), finish, finish, finish);
    finished("enough", 10);
    said.learner.clear();
    run.tick();
    assertThat(said.learner).isEmpty();
  }

  @Test
  void aDrainedRunIsResumableAndIsNotEvaluated() {
    reinforced();
    answer(1);
    run.drain();
    assertThat(said.replay).contains(new ReplayActor.Hold("the run drains"));
    assertThat(said.learner).contains(new LearnerActor.Finish("stopped on request"));
    finished("stopped on request", 10);
    assertThat(said.orders).isEmpty();
    assertThat(said.replay).endsWith(new ReplayActor.Close());
    run.tick();
    assertThat(said.replay).endsWith(new ReplayActor.Close(), new ReplayActor.Close());
    closed();
    assertThat(said.ended.getFirst().resumable()).isTrue();
  }

  @Test
  void aDrainDoesNotWaitForALearnerThatIsNotThere() {
    run.nodes(NO_LEARNER);
    run.replayReady(nothingYet());
    run.drain();
    for (int tick = 0; tick < 40; tick++) {
      run.tick();
    }
    assertThat(said.replay).doesNotContain(new ReplayActor.Close());
    run.tick();
    assertThat(said.replay).contains(new ReplayActor.Close());
  }

  @Test
  void saysWhomItWaitsFor() {
    run.nodes(NO_LEARNER);
    run.replayReady(nothingYet());
    run.tick();
    run.nodes(new RunPresence(Set.of("n"), true, List.of(), 2, true));
    run.tick();
    run.reinforced(version(4), 0, 4);
    run.tick();
    run.nodes(ALL);
    run.tick();
    answer(1);
    run.tick();
    run.nodes(new RunPresence(Set.of("n"), true, List.of("n/0", "n/1"), 2, false));
    run.tick();
    assertThat(said.waitsFor)
        .containsExactly(
            "a learner node",
            "the learner",
            "samplers to begin",
            "the samplers to evaluate update [4]",
            "the learner",
            "a reward node");
  }

  @Test
  void aFailureNamesTheCheckpointThatIsSafeAndEndsEverything() {
    run.replayReady(new RunActor.ReplayReady(LedgerTotals.none(), 6, Optional.of(CHECKPOINT), 0));
    run.fail("the disk burns", Optional.empty());
    assertThat(said.failures)
        .containsExactly(
            "run [test] in ["
                + directory
                + "] failed: the disk burns; the last committed checkpoint is of step [10], update"
                + " [6]; --resume goes on once the cause is gone");
    run.fail("once more", Optional.empty());
    run.stopNow();
    closed();
    assertThat(said.failures).hasSize(1);
    assertThat(said.ended).isEmpty();
    assertThat(said.phase()).isEqualTo(Phase.FAILED);
  }
}
