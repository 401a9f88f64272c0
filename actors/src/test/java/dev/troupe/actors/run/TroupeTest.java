package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.journal.RunLock;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.RunSpecification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TroupeTest {
  @TempDir Path directory;

  @Test
  void trainsToTheEndWithEveryMessageSerialized() throws Exception {
    FakeRun run = FakeRun.of(Recipes.small().build(), directory).start();
    RunSummary summary = run.end();
    assertThat(summary.updates()).isEqualTo(6);
    assertThat(summary.accuracyBefore()).hasValue(0);
    assertThat(summary.accuracyAfter()).hasValue(0);
    assertThat(summary.resumable()).isFalse();
    assertThat(summary.ledger().consumed()).isEqualTo(6 * 16);
    assertThat(summary.lastCheckpoint())
        .hasValueSatisfying(ref -> assertThat(ref.update()).isEqualTo(10));
    assertThat(run.fakes.trained).hasSize(6);
    assertThat(run.updates())
        .extracting(RunEvent.UpdateMade::number)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(run.heard(RunEvent.EvaluationEnded.class))
        .extracting(RunEvent.EvaluationEnded::occasion)
        .containsExactly(
            RunEvent.Occasion.BEFORE, RunEvent.Occasion.DURING, RunEvent.Occasion.DURING);
    assertThat(run.fakes.livePolicies).hasValue(0);
  }

  @Test
  void twoRunsAtLagZeroAgreeBitByBit() throws Exception {
    List<PolicyVersion> first = versionsOf("one");
    assertThat(versionsOf("two")).isEqualTo(first).hasSize(7);
  }

  private List<PolicyVersion> versionsOf(String name) throws Exception {
    FakeRun run = FakeRun.of(Recipes.small().lagMax(0).build(), directory.resolve(name)).start();
    assertThat(run.end().meanPolicyLag()).isZero();
    return List.copyOf(run.fakes.versions);
  }

  /** A verifier so slow that it answers only when nothing more comes before it does. */
  @Test
  void aSlowVerifierHoldsALaggingLearnerBackLessOften() throws Exception {
    FakeRun strict = FakeRun.of(ofThirty(0), directory.resolve("strict"));
    FakeRun lagging = FakeRun.of(ofThirty(2), directory.resolve("lagging"));
    int strictRounds = roundsOfVerdicts(strict);
    int laggingRounds = roundsOfVerdicts(lagging);
    assertThat(strict.end().meanPolicyLag()).isZero();
    assertThat(lagging.end().meanPolicyLag()).isPositive();
    assertThat(strictRounds).isGreaterThanOrEqualTo(30);
    assertThat(laggingRounds).isLessThanOrEqualTo(21);
  }

  private static RunSpecification ofThirty(int lagMax) {
    return Recipes.small()
        .lagMax(lagMax)
        .updates(30)
        .verifier(Duration.ofMinutes(2), Duration.ZERO)
        .evaluation(0, 0)
        .checkpoints(100)
        .build();
  }

  /** How many times all verdicts that were due had to be given before the run was over. */
  private static int roundsOfVerdicts(FakeRun run) {
    LinkedBlockingQueue<Runnable> due = new LinkedBlockingQueue<>();
    run.fakes.verdicts =
        trajectory -> {
          CompletableFuture<Outcome> verdict = new CompletableFuture<>();
          int score = trajectory.id().member() % 2;
          due.add(() -> verdict.complete(new Outcome.Scored(score)));
          return Optional.of(verdict);
        };
    CompletableFuture<RunSummary> over = run.start().handle().done().toCompletableFuture();
    int rounds = 0;
    while (!over.isDone()) {
      int before = due.size();
      LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
      if (before > 0 && due.size() == before) {
        rounds++;
        List<Runnable> round = new ArrayList<>();
        due.drainTo(round);
        round.forEach(Runnable::run);
      }
    }
    return rounds;
  }

  @Test
  void drainsAndGoesOnWhereItStopped() throws Exception {
    FakeRun run = FakeRun.of(Recipes.small().updates(12).build(), directory);
    run.fakes.onUpdate = () -> LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    run.start().awaitUpdate(3);
    run.handle().drain();
    RunSummary first = run.end();
    assertThat(first.resumable()).isTrue();
    assertThat(first.updates()).isBetween(3L, 11L);
    assertThat(first.accuracyAfter()).isEmpty();
    RunSummary second = run.start(TroupeOptions::resuming).end();
    assertThat(second.updates()).isEqualTo(12);
    assertThat(second.accuracyBefore()).isEqualTo(first.accuracyBefore());
    assertThat(first.processes()).isEqualTo(1);
    assertThat(second.processes()).isEqualTo(2);
    assertThat(second.wallSeconds()).isGreaterThan(first.wallSeconds());
    assertThat(run.fakes.trained).hasSize(12);
    assertThat(second.ledger().consumed()).isEqualTo(12 * 16);
  }

  @Test
  void aResumedRunPastItsSupervisedStepsDoesNotSpeakOfThem() throws Exception {
    FakeRun run =
        FakeRun.of(Recipes.small().sft(6).checkpoints(1_000).updates(12).build(), directory);
    run.fakes.onUpdate = () -> LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    run.start();
    await().until(() -> !run.heard(RunEvent.CheckpointCommitted.class).isEmpty());
    run.handle().stopNow();
    run.end();
    run.events.clear();
    run.start(TroupeOptions::resuming).awaitUpdate(1);
    assertThat(run.handle().status().supervisedSteps()).isEqualTo(6);
    run.end();
    assertThat(run.heard(RunEvent.PhaseChanged.class))
        .extracting(RunEvent.PhaseChanged::stage)
        .doesNotContain(Stage.SUPERVISED);
  }

  @Test
  void keepsTheBestCheckpointWhereverAnotherProcessMadeIt() throws Exception {
    FakeRun run = FakeRun.of(Recipes.small().updates(12).build(), directory);
    run.fakes.onUpdate = () -> LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    run.start().awaitUpdate(5);
    run.handle().drain();
    run.end();
    run.fakes.keptAtPruning.clear();
    RunSummary second = run.start(TroupeOptions::resuming).end();
    assertThat(second.bestCheckpoint())
        .hasValueSatisfying(ref -> assertThat(ref.update()).isEqualTo(4));
    assertThat(run.fakes.keptAtPruning)
        .isNotEmpty()
        .allSatisfy(kept -> assertThat(kept).contains(4L));
  }

  @Test
  void drainsDuringSupervisedSteps() throws Exception {
    FakeRun run = FakeRun.of(Recipes.small().sft(100_000).checkpoints(10).build(), directory);
    run.start();
    await().until(() -> run.heard(RunEvent.SupervisedStep.class).size() > 25);
    run.handle().drain();
    RunSummary first = run.end();
    assertThat(first.resumable()).isTrue();
    assertThat(first.lastCheckpoint()).isPresent();
  }

  @Test
  void stopsAtOnceAndResumesFromTheLastCommit() throws Exception {
    FakeRun run = FakeRun.of(Recipes.small().updates(12).build(), directory);
    run.fakes.onUpdate = () -> LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    run.start().awaitUpdate(5);
    run.handle().stopNow();
    assertThat(run.end().resumable()).isTrue();
    RunSummary second = run.start(TroupeOptions::resuming).end();
    assertThat(second.updates()).isEqualTo(12);
    assertThat(second.ledger().consumed()).isEqualTo(12 * 16);
    assertThat(run.fakes.trained.stream().distinct()).hasSize(12);
  }

  @Test
  void refusesASecondProcessAndARunThatIsThere() throws Exception {
    FakeRun run = FakeRun.of(Recipes.small().updates(1_000_000).build(), directory).start();
    run.awaitUpdate(1);
    FakeRun other = FakeRun.of(Recipes.small().build(), directory);
    assertThatThrownBy(() -> other.start(TroupeOptions::resuming))
        .isInstanceOf(RunLock.HeldException.class);
    run.awaitUpdate(1);
    run.handle().stopNow();
    run.end();
    assertThatThrownBy(other::start)
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("--resume");
    assertThatThrownBy(
            () ->
                FakeRun.of(Recipes.small().build(), directory.resolve("nothing"))
                    .start(TroupeOptions::resuming))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("no run");
  }

  @Test
  void failsLoudlyPastTheBudgetOfFailedVerdicts() {
    FakeRun run = FakeRun.of(Recipes.small().failureBudget(5).build(), directory);
    run.fakes.verdicts =
        _ -> Optional.of(CompletableFuture.completedFuture(new Outcome.Crashed("boom")));
    run.start();
    assertThatThrownBy(run::end)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("boom")
        .hasMessageContaining("last good checkpoint is of step [4]");
  }

  @Test
  void namesWhoStandsStill() throws Exception {
    FakeRun run =
        FakeRun.of(
            Recipes.small()
                .verifier(Duration.ofMinutes(10), Duration.ZERO)
                .stallAfter(Duration.ofSeconds(1))
                .evaluation(0, 0)
                .build(),
            directory);
    run.fakes.verdicts = _ -> Optional.of(new CompletableFuture<>());
    run.start();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !run.heard(RunEvent.Stalled.class).isEmpty());
    assertThat(run.heard(RunEvent.Stalled.class))
        .anySatisfy(
            stalled -> {
              assertThat(stalled.actor()).isEqualTo("node/rollout-0");
              assertThat(stalled.waitsFor()).contains("verdicts").contains("reward actors");
            })
        .anySatisfy(
            stalled -> {
              assertThat(stalled.actor()).isEqualTo("learner");
              assertThat(stalled.waitsFor()).contains("batch [1]");
            });
    run.handle().stopNow();
    run.end();
  }
}
