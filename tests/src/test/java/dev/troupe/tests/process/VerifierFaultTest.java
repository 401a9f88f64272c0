package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunFailedException;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.run.Troupe;
import dev.troupe.actors.run.TroupeOptions;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent.BatchCut;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.rollout.verify.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifiers that throw, hang or answer NaN, through whole runs with every message serialized. */
final class VerifierFaultTest {
  private static final long KINDS = 6;

  @TempDir Path directory;

  private record Judging(Function<TrajectoryId, Outcome> verdicts) implements Verifier {
    @Override
    public VerifierRef ref() {
      return new VerifierRef("faulty", "1", "none");
    }

    @Override
    public Outcome verify(Task task, Trajectory trajectory) {
      return verdicts.apply(trajectory.id());
    }
  }

  private RunSummary run(Function<TrajectoryId, Outcome> verdicts, String... lines)
      throws Exception {
    Path file = TinyRecipe.in(directory, lines);
    Recipe recipe = new RecipeReader(Processor.here()).read(file, List.of());
    RunDirectory root = new RunDirectory(directory.resolve("run")).create();
    recipe.writeTo(root.root());
    TroupeOptions options =
        TroupeOptions.of(
                _ -> {},
                Clock.systemUTC(),
                System::nanoTime,
                Thread.ofPlatform().daemon().name("io-", 0).factory())
            .serializingMessages();
    return Troupe.start(recipe.specification(), root, options, new Judging(verdicts))
        .done()
        .toCompletableFuture()
        .get(2, TimeUnit.MINUTES);
  }

  private RunFiles files() {
    return new RunFiles(directory.resolve("run"));
  }

  /** Of every six groups one has a member whose verifier throws, one hangs, one answers NaN. */
  private static Outcome sometimesFaulty(TrajectoryId id) {
    double score = id.member() % 2;
    if (id.member() != 1) {
      return new Outcome.Scored(score);
    }
    return switch ((int) (id.group() % KINDS)) {
      case 0 -> throw new IllegalStateException("the verifier of " + id + " broke");
      case 2 -> hang();
      case 4 -> new Outcome.Scored(Double.NaN);
      default -> new Outcome.Scored(score);
    };
  }

  private static Outcome hang() {
    try {
      new CountDownLatch(1).await();
      return new Outcome.Scored(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatThrowsHangsOrIsNotANumberIsCountedByKindAndNeverTrainedOn() throws Exception {
    RunSummary summary =
        run(
            VerifierFaultTest::sometimesFaulty,
            "reward { time-limit = 100 ms, workers = 4, failure-budget-share = 1 }");

    assertThat(summary.updates()).isEqualTo(TinyRecipe.UPDATES);
    LedgerCounts counts = files().orderlyCounts();
    assertThat(counts.dropped())
        .containsKeys(
            DropReason.REWARD_CRASHED, DropReason.REWARD_TIMED_OUT, DropReason.REWARD_INVALID);
    assertThat(counts.consumed()).isEqualTo(TinyRecipe.UPDATES * TinyRecipe.BATCH);
    for (BatchCut cut : files().events(BatchCut.class)) {
      assertThat(cut.ids()).allMatch(id -> id.group() % 2 == 1);
    }
  }

  @Test
  void withoutItsFailedMemberAGroupIsTrainedOnWhereTheRecipeSaysSo() throws Exception {
    run(
        VerifierFaultTest::sometimesFaulty,
        "reward { time-limit = 100 ms, workers = 4, failure-budget-share = 1 }",
        "reward.on-failed-member = drop-member");

    assertThat(files().orderlyCounts().dropped()).containsKey(DropReason.REWARD_CRASHED);
    List<TrajectoryId> trained =
        files().events(BatchCut.class).stream().flatMap(cut -> cut.ids().stream()).toList();
    assertThat(trained)
        .anyMatch(id -> id.group() % 2 == 0)
        .noneMatch(id -> id.group() % 2 == 0 && id.member() == 1);
  }

  @Test
  void aVerifierThatAlwaysThrowsStopsTheRunPastItsBudgetWithExamples() throws IOException {
    assertThatThrownBy(
            () ->
                run(
                    id -> {
                      throw new IllegalStateException("no verdict on " + id);
                    },
                    "reward { failure-budget = 10, failure-budget-share = 1, past-budget = fail }"))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("[11]")
        .hasMessageContaining("[10]")
        .hasMessageContaining("for example")
        .hasMessageContaining("no verdict on ")
        .hasMessageContaining(
            "the last good checkpoint is of step [" + TinyRecipe.SUPERVISED_STEPS + "]");
    assertThat(files().orderlyCounts().consumed()).isZero();
  }
}
