package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.journal.Audit;
import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.run.ControlRun;
import dev.troupe.protocol.run.ControlSpecification;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.StopSpecification;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PPO in small environments, from start to end. */
@Timeout(240)
class ControlRunTest {
  @TempDir Path folder;
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  private TroupeOptions options() {
    return TestRuns.options(events::add);
  }

  static RunSpecification run(
      String environment, int lagMax, int rollouts, long updates, OptionalDouble meanReturn) {
    return run(environment, Duration.ofSeconds(30), lagMax, rollouts, updates, meanReturn);
  }

  private static RunSpecification run(
      String environment,
      Duration stepLimit,
      int lagMax,
      int rollouts,
      long updates,
      OptionalDouble meanReturn) {
    RunSpecification base =
        Recipes.small()
            .batch(2, 1)
            .sft(0)
            .lagMax(lagMax)
            .rollouts(rollouts, 1)
            .checkpoints(3)
            .evaluation(0, 40)
            .failureBudget(3)
            .build();
    ControlRun control =
        new ControlRun(
            new EnvironmentSpecification(
                environment,
                Map.of(),
                8,
                32,
                EnvironmentSpecification.Autoreset.SAME_STEP,
                stepLimit),
            new ControlSpecification(
                ControlSpecification.Algorithm.PPO,
                new ControlSpecification.Layers(
                    List.of(16), ControlSpecification.Recurrence.NONE, 0),
                new ControlSpecification.Returns(
                    0.98, 0.9, ControlSpecification.Bootstrap.TERMINATED_ONLY),
                new ControlSpecification.Objective(0.2, 0, 0.5, 0, true, 0),
                4,
                4,
                new OptimizerSpecification(
                    2e-3, 0.9, 0.999, 1e-5, 0, 0, OptimizerSpecification.Schedule.CONSTANT, 0, 0.5),
                new ControlSpecification.Normalisation(true, false, 10),
                new ControlSpecification.Correction(1, 1, 1, 1, 0),
                ControlSpecification.Adjustment.NONE,
                3));
    return new RunSpecification(
        "control",
        7,
        base.model(),
        base.tasks(),
        base.sampling(),
        base.reward(),
        base.replay(),
        base.sft(),
        base.learner(),
        base.evaluation(),
        base.checkpoints(),
        new StopSpecification(updates, 0, Duration.ZERO, 0, 0, meanReturn),
        base.runtime(),
        Map.of(),
        Optional.of(control));
  }

  private static RunSpecification cartPole(int lagMax, int rollouts, long updates) {
    return run("CartPole-v1", lagMax, rollouts, updates, OptionalDouble.empty());
  }

  static List<Trajectory> recorded(RunDirectory run) throws IOException {
    List<Trajectory> recorded = new ArrayList<>();
    JournalReader.open(run.journal(), run.epochs())
        .forEach(
            (event, _) -> {
              if (event instanceof LedgerEvent.Recorded(var judged)) {
                recorded.add(judged.trajectory());
              }
            });
    return recorded;
  }

  static byte[] weights(RunDirectory run, RunSummary summary) throws Exception {
    CheckpointRef last = summary.lastCheckpoint().orElseThrow();
    Path folder = new CheckpointStore(run.checkpoints(), CheckpointHooks.NONE).path(last);
    return Files.readAllBytes(folder.resolve("weights.safetensors"));
  }

  private static Audit.Report audit(RunDirectory run, RunSpecification of) throws Exception {
    return Audit.of(
        run.journal(),
        run.epochs(),
        LedgerRules.of(of),
        new CheckpointStore(run.checkpoints(), CheckpointHooks.NONE).list());
  }

  @Test
  void twoRunsAtLagZeroAgreeBitByBit() throws Exception {
    RunDirectory one = new RunDirectory(folder.resolve("one"));
    RunDirectory other = new RunDirectory(folder.resolve("other"));

    RunSummary first = TestRuns.end(Troupe.start(cartPole(0, 1, 8), one, options()));
    RunSummary second = TestRuns.end(Troupe.start(cartPole(0, 1, 8), other, options()));

    assertThat(first.updates()).isEqualTo(8);
    assertThat(first.ledger().consumed()).isEqualTo(16);
    assertThat(first.meanPolicyLag()).isZero();
    assertThat(first.accuracyBefore()).isPresent();
    assertThat(first.accuracyAfter()).isEqualTo(second.accuracyAfter()).isPresent();
    assertThat(recorded(one)).hasSizeGreaterThanOrEqualTo(16);
    assertThat(recorded(one).subList(0, 16))
        .extracting(Trajectory::body)
        .isEqualTo(recorded(other).subList(0, 16).stream().map(Trajectory::body).toList());
    assertThat(weights(one, first)).isEqualTo(weights(other, second));
    assertThat(audit(one, cartPole(0, 1, 8)).verdict().getFirst()).contains("in order");
  }

  @Test
  void severalSamplersWithinTheLagBound() throws Exception {
    RunDirectory directory = new RunDirectory(folder);

    RunSummary summary = TestRuns.end(Troupe.start(cartPole(2, 3, 10), directory, options()));

    assertThat(summary.updates()).isEqualTo(10);
    assertThat(summary.meanPolicyLag()).isBetween(0.0, 2.0);
    assertThat(recorded(directory).stream().map(one -> one.id().group()).distinct().count())
        .isGreaterThanOrEqualTo(20);
  }

  @Test
  void endsWhenTheLastEpisodesReturnEnough() throws Exception {
    RunSpecification recipe = run("CartPole-v1", 0, 1, 400, OptionalDouble.of(40));

    RunSummary summary = TestRuns.end(Troupe.start(recipe, new RunDirectory(folder), options()));

    assertThat(summary.ended()).contains("the recipe asks for [40.0]");
    assertThat(summary.updates()).isLessThan(400);
  }

  @Test
  void whatADrainLeavesGoesOn() throws Exception {
    RunDirectory directory = new RunDirectory(folder);
    RunHandle handle = Troupe.start(cartPole(1, 2, 1_000), directory, options());
    await().atMost(Duration.ofSeconds(60)).until(() -> handle.status().updates() >= 5);
    handle.drain();
    RunSummary drained = TestRuns.end(handle);

    long updates = drained.updates() + 5;
    RunSummary resumed =
        TestRuns.end(Troupe.start(cartPole(1, 2, updates), directory, options().resuming()));

    assertThat(resumed.updates()).isEqualTo(updates);
    assertThat(resumed.ledger().consumed()).isEqualTo(2 * updates);
    assertThat(audit(directory, cartPole(1, 2, updates)).verdict().getFirst()).contains("in order");
  }

  @Test
  void aFailedEnvironmentCostsItsFragmentAndTooManyStopTheRun() {
    RunSpecification recipe = run(Fragile.class.getName(), 0, 1, 1_000, OptionalDouble.empty());
    RunHandle handle = Troupe.start(recipe, new RunDirectory(folder), options());

    assertThatThrownBy(() -> TestRuns.end(handle))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("[4] of [")
        .hasMessageContaining("Fragile")
        .hasMessageContaining("broken");
    assertThat(events)
        .filteredOn(RunEvent.TrajectoryDropped.class::isInstance)
        .map(RunEvent.TrajectoryDropped.class::cast)
        .allSatisfy(drop -> assertThat(drop.reason()).isEqualTo(DropReason.REWARD_CRASHED))
        .hasSizeGreaterThanOrEqualTo(4);
    assertThat(events)
        .filteredOn(RunEvent.SampleJudged.class::isInstance)
        .map(event -> ((RunEvent.SampleJudged) event).sample().outcome())
        .anySatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Scored.class))
        .anySatisfy(
            outcome -> assertThat(outcome.toString()).contains("Fragile").contains("step [70]"));
  }

  @Test
  void anEnvironmentThatHangsCostsItsFragmentAndTheRunGoesOn() throws Exception {
    RunSpecification recipe =
        run(Hanging.class.getName(), Duration.ofMillis(300), 0, 1, 4, OptionalDouble.empty());
    RunHandle handle = Troupe.start(recipe, new RunDirectory(folder), options());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> events.stream().anyMatch(RunEvent.TrajectoryDropped.class::isInstance));
    Hanging.GO_ON.countDown();
    RunSummary summary = TestRuns.end(handle);

    assertThat(summary.updates()).isEqualTo(4);
    assertThat(summary.ledger().dropped()).containsEntry(DropReason.REWARD_CRASHED, 1L);
    assertThat(events)
        .filteredOn(RunEvent.TrajectoryDropped.class::isInstance)
        .first()
        .extracting(event -> ((RunEvent.TrajectoryDropped) event).detail())
        .asString()
        .contains("doesn't come back at step [20]");
  }

  @Test
  void whereverAnEnvironmentHangsTheRunGoesOn() throws Exception {
    RunSpecification recipe =
        run(HangingAtOnce.class.getName(), Duration.ofMillis(300), 0, 1, 4, OptionalDouble.empty());
    RunHandle handle = Troupe.start(recipe, new RunDirectory(folder), options());
    // Whichever comes first: the evaluation before training, or the first fragment.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                events.stream()
                    .anyMatch(
                        event ->
                            event instanceof RunEvent.TrajectoryDropped
                                || (event instanceof RunEvent.EvaluationEnded ended
                                    && ended.failed() > 0)));
    HangingAtOnce.GO_ON.countDown();

    assertThat(TestRuns.end(handle).updates()).isEqualTo(4);
  }

  /** Doesn't come back from the twentieth step of the first episode that gets there. */
  static final class HangingAtOnce extends Hanging {
    static final CountDownLatch GO_ON = new CountDownLatch(1);
    private static final AtomicBoolean HUNG = new AtomicBoolean();

    @Override
    void perhapsHang(int episode, int step) {
      if (step == 20 && !HUNG.getAndSet(true)) {
        hang(GO_ON);
      }
    }
  }

  /** Doesn't come back from a step of its second episode, once: evaluations play one each. */
  static class Hanging implements Environment {
    static final CountDownLatch GO_ON = new CountDownLatch(1);
    private static final AtomicBoolean HUNG = new AtomicBoolean();
    private int step;
    private int episode;

    void perhapsHang(int episode, int step) {
      if (episode == 2 && step == 20 && !HUNG.getAndSet(true)) {
        hang(GO_ON);
      }
    }

    static void hang(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public Space observationSpace() {
      return Space.box(0, 100, 1);
    }

    @Override
    public Space actionSpace() {
      return Space.discrete(2);
    }

    @Override
    public void reset(Pcg64 random, Transition first) {
      step = 0;
      episode++;
      first.observe(0, 0f);
    }

    @Override
    public double step(Action action, Pcg64 random, Transition next) {
      perhapsHang(episode, ++step);
      next.observe(0, (float) step);
      if (step == 50) {
        next.terminate();
      }
      return 1;
    }

    @Override
    public Object state() {
      return step;
    }

    @Override
    public void restore(Object state) {
      step = (Integer) state;
    }
  }

  /** Breaks at the seventieth step of an episode. */
  static final class Fragile implements Environment {
    private int step;

    @Override
    public Space observationSpace() {
      return Space.box(0, 100, 1);
    }

    @Override
    public Space actionSpace() {
      return Space.discrete(2);
    }

    @Override
    public void reset(Pcg64 random, Transition first) {
      step = 0;
      first.observe(0, 0f);
    }

    @Override
    public double step(Action action, Pcg64 random, Transition next) {
      if (++step == 70) {
        throw new IllegalStateException("broken");
      }
      next.observe(0, (float) step);
      return 1;
    }

    @Override
    public Object state() {
      return step;
    }

    @Override
    public void restore(Object state) {
      step = (Integer) state;
    }
  }
}
