package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.journal.Audit;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Swaps the verifier of runs that go on, with every message serialized. */
@Timeout(120)
class SwapRunTest {
  private static final VerifierRef ONE = FakeEngines.VERIFIER;
  private static final VerifierRef TWO = new VerifierRef("mine", "2", "22");

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
    return new RewardOrder.Swap(new VerifierVersion(verifier, "{}"));
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
}
