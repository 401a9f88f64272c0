package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.journal.Audit;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.trajectory.Trajectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Swaps the verifier of runs that go on, with every message serialized. */
@Timeout(120)
class SwapRunTest {
  private static final VerifierRef ONE = FakeEngines.VERIFIER;
  private static final VerifierRef TWO = new VerifierRef("mine", "2", "22");
  private static final VerifierRef THREE = new VerifierRef("mine", "3", "33");

  @TempDir Path directory;

  private FakeRun slowRun(RunSpecification recipe) {
    FakeRun run = FakeRun.of(recipe, directory);
    run.fakes.onUpdate = () -> LockSupport.parkNanos(Duration.ofMillis(60).toNanos());
    return run;
  }

  private static Answer order(FakeRun run, RewardOrder order) throws Exception {
    return run.handle().reward(order).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static RewardOrder swapTo(VerifierRef verifier) {
    return new RewardOrder.Swap(new VerifierVersion(verifier, "{}"), true);
  }

  private static Map<Long, Set<VerifierRef>> byGroup(FakeRun run) {
    Map<Long, Set<VerifierRef>> verifiers = new HashMap<>();
    for (RunEvent.SampleJudged judged : run.heard(RunEvent.SampleJudged.class)) {
      verifiers
          .computeIfAbsent(judged.sample().trajectory().id().group(), _ -> new HashSet<>())
          .add(judged.sample().verifier());
    }
    return verifiers;
  }

  private static List<VerifierRef> judging(FakeRun run) {
    List<RunEvent.VerifiersJudge> heard = run.heard(RunEvent.VerifiersJudge.class);
    return heard.isEmpty() ? List.of() : heard.getLast().verifiers();
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
  }

  @Test
  void newGroupsHaveTheNewVerifierAndTheOldOnesActorsStop() throws Exception {
    RunSpecification recipe = Recipes.small().updates(40).build();
    FakeRun run = slowRun(recipe);
    run.start().awaitUpdate(2);
    assertThat(order(run, swapTo(TWO)))
        .isInstanceOfSatisfying(
            Answer.Done.class,
            done -> assertThat(done.words()).contains("judged by [mine@2 22]", "--back"));
    await()
        .until(
            () ->
                byGroup(run).values().stream().anyMatch(its -> its.contains(TWO))
                    && judging(run).equals(List.of(TWO)));
    await().until(() -> run.children().rewards().size() == recipe.reward().actors());
    isInOrder(recipe, run.end());

    long first = run.heard(RunEvent.VerifierSwapped.class).getFirst().firstGroup();
    assertThat(first).isPositive();
    assertThat(byGroup(run))
        .allSatisfy((group, its) -> assertThat(its).containsExactly(group < first ? ONE : TWO));
    assertThat(run.heard(RunEvent.VerifierSwapped.class))
        .containsExactly(new RunEvent.VerifierSwapped(ONE, TWO, first, 1));
  }

  @Test
  void aResumedRunGoesOnWithTheVerifierInForceAndGoesBackWhenTold() throws Exception {
    RunSpecification recipe = Recipes.small().updates(60).build();
    FakeRun run = slowRun(recipe);
    run.start().awaitUpdate(2);
    assertThat(order(run, swapTo(TWO))).isInstanceOf(Answer.Done.class);
    run.handle().stopNow();
    run.end();

    run.events.clear();
    run.start(TroupeOptions::resuming).awaitUpdate(4);
    await().until(() -> judging(run).equals(List.of(TWO)));
    assertThat(order(run, new RewardOrder.Back()))
        .extracting(Answer::words)
        .asString()
        .contains("judged by [exact@1 00]");
    await().until(() -> judging(run).equals(List.of(ONE)));
    assertThat(order(run, new RewardOrder.SwapTo("mine@2", Optional.empty())))
        .isInstanceOf(Answer.Done.class);
    assertThat(order(run, new RewardOrder.SwapTo("mine@3", Optional.empty())))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused ->
                assertThat(refused.words())
                    .contains("no verifier [mine@3]", "[exact@1 00, mine@2 22]"));
    isInOrder(recipe, run.end());
  }

  @Test
  void withoutASwapThereIsNothingToGoBackTo() throws Exception {
    FakeRun run = slowRun(Recipes.small().updates(20).build());
    run.start().awaitUpdate(1);
    assertThat(order(run, new RewardOrder.Back()).words())
        .contains("[exact@1 00] judges since the run began");
    assertThat(order(run, swapTo(ONE)).words()).contains("judges already");
    run.end();
    assertThat(run.heard(RunEvent.VerifierSwapped.class)).isEmpty();
  }

  /** The recipe's verifier scores by member, others say what is asked. */
  private static void judge(FakeRun run, Function<Trajectory, Outcome> two) {
    run.fakes.verdictsBy =
        (verifier, trajectory) ->
            Optional.of(
                CompletableFuture.completedFuture(
                    verifier.name().equals("mine")
                        ? two.apply(trajectory)
                        : new Outcome.Scored(trajectory.id().member() % 2)));
  }

  private static Outcome likeOne(Trajectory trajectory) {
    return new Outcome.Scored(trajectory.id().member() % 2);
  }

  private static ShadowReport shadow(FakeRun run) {
    return run.heard(RunEvent.ShadowJudged.class).getLast().report();
  }

  @Test
  void aVerifierThatPassesItsTrialIsTaken() throws Exception {
    FakeRun run = slowRun(Recipes.small().updates(500).trial(32, 0.1, 0.1).build());
    judge(run, SwapRunTest::likeOne);
    run.start().awaitUpdate(1);
    assertThat(order(run, swapTo(TWO)).words())
        .contains("[mine@2 22] judges beside [exact@1 00] the next [32] trajectories");
    await().until(() -> judging(run).equals(List.of(TWO)));
    run.handle().drain();
    run.end();
    assertThat(shadow(run).state()).isEqualTo(ShadowReport.State.TAKEN);
    assertThat(shadow(run).figures().compared()).isGreaterThanOrEqualTo(32);
    assertThat(shadow(run).figures().agreement()).isEqualTo(1);
    assertThat(run.heard(RunEvent.VerifierSwapped.class)).hasSize(1);
  }

  @Test
  void aVerifierThatFailsItsTrialIsNotTakenAndTheReportSaysWhy() throws Exception {
    RunSpecification recipe = Recipes.small().updates(500).trial(32, 0.1, 0.2).build();
    FakeRun run = slowRun(recipe);
    judge(run, _ -> new Outcome.Crashed("boom"));
    run.start().awaitUpdate(1);
    order(run, swapTo(TWO));
    await().until(() -> shadow(run).state() == ShadowReport.State.REFUSED);
    assertThat(shadow(run).words())
        .contains("gave no score for 100.0%", "max-failure-rate allows 10.0%");
    assertThat(shadow(run).figures().examples())
        .isNotEmpty()
        .allSatisfy(example -> assertThat(example.shadow()).isEqualTo(new Outcome.Crashed("boom")));

    judge(run, _ -> new Outcome.Scored(1));
    order(run, swapTo(THREE));
    await()
        .until(
            () ->
                shadow(run).state() == ShadowReport.State.REFUSED
                    && shadow(run).words().contains("max-disagreement allows 20.0%"));
    run.handle().drain();
    isInOrder(recipe, run.end());
    assertThat(run.heard(RunEvent.VerifierSwapped.class)).isEmpty();
    assertThat(byGroup(run).values()).containsOnly(Set.of(ONE));
  }

  @Test
  void aShadowJudgesBesideAndNothingIsTrainedOnIt() throws Exception {
    RunSpecification recipe = Recipes.small().updates(500).build();
    FakeRun run = slowRun(recipe);
    judge(run, _ -> new Outcome.Scored(1));
    run.start().awaitUpdate(1);
    RewardOrder shadow = new RewardOrder.Shadow(new VerifierVersion(TWO, "{}"));
    assertThat(order(run, shadow).words()).contains("nothing is trained on what it says");
    await().until(() -> shadow(run).figures().compared() >= 40);
    assertThat(order(run, new RewardOrder.NoShadow())).isInstanceOf(Answer.Done.class);
    assertThat(order(run, new RewardOrder.NoShadow())).isInstanceOf(Answer.Refused.class);
    long compared = shadow(run).figures().compared();
    run.handle().drain();
    isInOrder(recipe, run.end());
    ShadowReport last = shadow(run);
    assertThat(last.state()).isEqualTo(ShadowReport.State.ENDED);
    assertThat(last.figures().compared()).isEqualTo(compared);
    assertThat(last.figures().shadowScoreMean()).isEqualTo(1);
    assertThat(last.figures().scoreMean()).isBetween(0.3, 0.7);
    assertThat(byGroup(run).values()).containsOnly(Set.of(ONE));
  }

  @Test
  void pastTheBudgetTheRunWaitsForAnotherVerifier() throws Exception {
    RunSpecification recipe =
        Recipes.small().updates(20).failureBudget(10).pausingPastBudget().trial(32, 0, 0).build();
    FakeRun run = slowRun(recipe);
    run.fakes.verdictsBy =
        (verifier, trajectory) ->
            Optional.of(
                CompletableFuture.completedFuture(
                    verifier.equals(ONE) ? new Outcome.Crashed("boom") : likeOne(trajectory)));
    run.start();
    awaitPaused(run);
    assertThat(run.heard(RunEvent.PhaseChanged.class).getLast().detail())
        .contains("verifier [exact@1 00] is past reward.failure-budget", "boom")
        .contains("./troupe reward swap, or ./troupe continue");
    assertThat(order(run, swapTo(TWO)).words()).contains("judged by [mine@2 22]");
    isInOrder(recipe, run.end());
    assertThat(run.updates()).hasSize(20);
  }

  private static void awaitPaused(FakeRun run) {
    await().until(() -> run.handle().status().phase() == Phase.PAUSED);
  }

  @Test
  void whoeverHasItGoOnPastTheBudgetForgivesWhatFailed() throws Exception {
    RunSpecification recipe =
        Recipes.small().updates(20).failureBudget(10).pausingPastBudget().build();
    FakeRun run = slowRun(recipe);
    AtomicBoolean broken = new AtomicBoolean(true);
    run.fakes.verdictsBy =
        (_, trajectory) ->
            Optional.of(
                CompletableFuture.completedFuture(
                    broken.get() ? new Outcome.Invalid("no answer") : likeOne(trajectory)));
    run.start();
    awaitPaused(run);
    run.handle().goOn();
    await()
        .until(
            () ->
                run.heard(RunEvent.PhaseChanged.class).stream()
                        .filter(changed -> changed.phase() == Phase.PAUSED)
                        .count()
                    == 2);
    broken.set(false);
    run.handle().goOn();
    isInOrder(recipe, run.end());
    assertThat(run.updates()).hasSize(20);
  }
}
