package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.journal.Audit;
import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ends a running run, each condition alone, and how the run's files are left. */
@Timeout(120)
class StoppingTest {
  private static final int BATCH = 16;
  private static final long NO_LIMIT = 0;

  @TempDir Path directory;

  @Test
  void endsWhenItTrainedOnTheTrajectoriesAskedFor() throws Exception {
    RunSpecification recipe = endless().checkpoints(1).stopAtTrajectories(50).build();
    FakeRun run = started(recipe);
    RunSummary summary = run.end();

    saysWhy(run, summary, "it trained on the [50] trajectories asked for");
    assertThat(summary.ledger().consumed()).isGreaterThanOrEqualTo(50);
    isInOrder(recipe, summary);
  }

  @Test
  void endsWhenItsTimeIsUpWhereverItIs() throws Exception {
    RunSpecification recipe = endless().stopAfter(Duration.ofHours(3)).build();
    AtomicLong passed = new AtomicLong();
    FakeRun run = prepared(recipe);
    run.start(options -> aheadBy(passed, options)).awaitUpdate(3);
    assertThat(run.handle().done().toCompletableFuture()).isNotDone();
    passed.set(Duration.ofHours(3).toNanos());
    RunSummary summary = run.end();

    saysWhy(run, summary, "it ran for the [10800] s that the recipe allows");
    assertThat(summary.wallSeconds()).isBetween(10_800.0, 10_900.0);
    isInOrder(recipe, summary);
  }

  @Test
  void theTimeOfEarlierProcessesCounts() throws Exception {
    RunSpecification recipe = endless().stopAfter(Duration.ofHours(3)).build();
    AtomicLong passed = new AtomicLong();
    FakeRun run = prepared(recipe);
    run.start(options -> aheadBy(passed, options)).awaitUpdate(1);
    passed.addAndGet(Duration.ofHours(2).toNanos());
    run.handle().drain();
    assertThat(run.end().resumable()).isTrue();
    run.events.clear();
    run.start(options -> aheadBy(passed, options).resuming()).awaitUpdate(2);
    passed.addAndGet(Duration.ofMinutes(61).toNanos());
    RunSummary summary = run.end();

    saysWhy(run, summary, "it ran for the [10800] s that the recipe allows");
    assertThat(summary.processes()).isEqualTo(2);
    isInOrder(recipe, summary);
  }

  @Test
  void endsWhenItsTimeIsUpDuringSupervisedSteps() throws Exception {
    RunSpecification recipe =
        endless().sft(1_000_000).checkpoints(10).stopAfter(Duration.ofHours(1)).build();
    AtomicLong passed = new AtomicLong();
    FakeRun run = prepared(recipe);
    run.start(options -> aheadBy(passed, options));
    await().until(() -> run.heard(RunEvent.SupervisedStep.class).size() > 25);
    passed.set(Duration.ofHours(1).toNanos());
    RunSummary summary = run.end();

    saysWhy(run, summary, "it ran for the [3600] s that the recipe allows");
    assertThat(summary.updates()).isZero();
    assertThat(summary.lastCheckpoint()).isPresent();
    isInOrder(recipe, summary);
  }

  @Test
  void endsWhenAnEvaluationReachesItsTarget() throws Exception {
    RunSpecification recipe = endless().evaluation(2, 10).stopAtAccuracy(0.9).build();
    FakeRun run = prepared(recipe);
    scoreRightAfter(run, 6);
    RunSummary summary = run.start().end();

    saysWhy(run, summary, "an evaluation reached [1.000], the recipe asks for [0.900]");
    assertThat(summary.accuracyBefore()).hasValue(0);
    assertThat(summary.accuracyAfter()).hasValue(1);
    assertThat(summary.updates()).isGreaterThanOrEqualTo(6);
    isInOrder(recipe, summary);
  }

  @Test
  void endsWhenEvaluationsBringNoImprovement() throws Exception {
    RunSpecification recipe = endless().evaluation(2, 10).stopWithoutImprovement(3).build();
    FakeRun run = started(recipe);
    RunSummary summary = run.end();

    saysWhy(run, summary, "[3] evaluations brought no improvement");
    assertThat(run.heard(RunEvent.EvaluationEnded.class))
        .filteredOn(ended -> ended.occasion() == RunEvent.Occasion.DURING)
        .hasSizeGreaterThanOrEqualTo(3);
    isInOrder(recipe, summary);
  }

  @Test
  void anEvaluationThatIsBetterBeginsTheCountAnew() throws Exception {
    RunSpecification recipe = endless().evaluation(2, 10).stopWithoutImprovement(3).build();
    FakeRun run = prepared(recipe);
    scoreRightAfter(run, 4);
    RunSummary summary = run.start().end();

    saysWhy(run, summary, "[3] evaluations brought no improvement");
    assertThat(summary.bestAccuracy()).hasValue(1);
    assertThat(summary.updates()).isGreaterThanOrEqualTo(4 + 3 * 2);
    isInOrder(recipe, summary);
  }

  /** Leases and the stall watch don't mind that hours pass at once. */
  private static Recipes endless() {
    return Recipes.small()
        .updates(NO_LIMIT)
        .leases(Duration.ofDays(1))
        .stallAfter(Duration.ofDays(1))
        .verifier(Duration.ofDays(1), Duration.ZERO)
        .evaluation(0, 10);
  }

  private FakeRun prepared(RunSpecification recipe) {
    FakeRun run = FakeRun.of(recipe, directory);
    run.fakes.onUpdate = () -> LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    return run;
  }

  private FakeRun started(RunSpecification recipe) {
    return prepared(recipe).start();
  }

  private static TroupeOptions aheadBy(AtomicLong passed, TroupeOptions options) {
    return new TroupeOptions(
        options.listener(),
        options.clock(),
        () -> System.nanoTime() + passed.get(),
        options.threads(),
        options.crashHook(),
        options.resume(),
        options.fromCheckpoint(),
        options.host(),
        options.port(),
        options.serializeMessages());
  }

  /** Every answer is right once {@code updates} updates were made; none is before. */
  private static void scoreRightAfter(FakeRun run, int updates) {
    run.fakes.verdicts =
        _ ->
            Optional.of(
                CompletableFuture.completedFuture(
                    new Outcome.Scored(run.fakes.trained.size() >= updates ? 1 : 0)));
  }

  private static void saysWhy(FakeRun run, RunSummary summary, String why) {
    assertThat(summary.ended()).isEqualTo(why);
    assertThat(summary.resumable()).isFalse();
    assertThat(run.handle().status().phase()).isEqualTo(Phase.DONE);
    assertThat(run.handle().status().detail()).isEqualTo(why);
  }

  private void isInOrder(RunSpecification recipe, RunSummary summary) throws IOException {
    RunDirectory files = new RunDirectory(directory);
    Audit.Report report =
        Audit.of(
            files.journal(),
            files.epochs(),
            LedgerRules.of(recipe),
            summary.lastCheckpoint().stream().toList());
    assertThat(report.holds()).as(String.join("\n", report.lines())).isTrue();
    LedgerCounts counts = report.counts().orElseThrow();
    assertThat(counts.leased() + counts.recorded()).isZero();
    // The batch that was cut ahead: a run that goes on for longer trains on it.
    assertThat(counts.batched()).isIn(0L, (long) BATCH);
    assertThat(counts.consumed()).isEqualTo(summary.updates() * BATCH);
    assertThat(summary.ledger().consumed()).isEqualTo(counts.consumed());
    assertThat(StopConditions.met(files, recipe.stop(), summary.updates(), counts.consumed()))
        .isPresent();
  }
}
