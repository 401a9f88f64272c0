package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.protocol.outcome.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each actor fails in the middle of a run, and the run goes on and its account is right. */
@Timeout(120)
class ActorLossTest {
  private static final int UPDATES = 12;

  @TempDir Path directory;

  private FakeRun slowRun() {
    FakeRun run =
        FakeRun.of(
            Recipes.small().updates(UPDATES).leases(Duration.ofSeconds(30)).build(), directory);
    run.fakes.onUpdate = () -> LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    return run;
  }

  private FakeRun surviving(Consumer<FakeRun> loss) throws Exception {
    FakeRun run = slowRun();
    run.start().awaitUpdate(4);
    loss.accept(run);
    RunSummary summary = run.end();
    assertThat(summary.updates()).isEqualTo(UPDATES);
    assertThat(summary.ledger().consumed()).isEqualTo(UPDATES * 16);
    LedgerTotals totals = summary.ledger();
    assertThat(totals.granted())
        .isEqualTo(
            totals.leased()
                + totals.recorded()
                + totals.batched()
                + totals.consumed()
                + totals.droppedTotal());
    assertThat(run.fakes.trained.stream().distinct()).hasSize(UPDATES);
    assertThat(run.fakes.livePolicies).hasValue(0);
    return run;
  }

  @Test
  void survivesTheLossOfARolloutActor() throws Exception {
    surviving(run -> run.children().rollouts().getFirst().tell(new RolloutActor.Poison()));
  }

  @Test
  void survivesTheLossOfEveryRolloutActorWhereNoNewVersionCanCome() throws Exception {
    FakeRun run = FakeRun.of(Recipes.small().lagMax(0).updates(UPDATES).build(), directory);
    run.fakes.onUpdate = () -> LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    run.start().awaitUpdate(4);
    run.children().rollouts().forEach(rollout -> rollout.tell(new RolloutActor.Poison()));
    assertThat(run.end().updates()).isEqualTo(UPDATES);
    assertThat(run.fakes.livePolicies).hasValue(0);
  }

  @Test
  void drainsAlthoughTheLearnerBeginsAnew() throws Exception {
    FakeRun run = slowRun();
    CountDownLatch updates = new CountDownLatch(5);
    CountDownLatch released = new CountDownLatch(1);
    run.fakes.onUpdate =
        () -> {
          updates.countDown();
          if (updates.getCount() == 0) {
            hold(released);
          }
        };
    run.start();
    await().until(() -> updates.getCount() == 0);
    run.handle().drain();
    await().until(() -> run.handle().status().phase() != Phase.RUNNING);
    run.learner().tell(new LearnerActor.Poison());
    released.countDown();
    RunSummary summary = run.end();
    assertThat(summary.resumable()).isTrue();
    assertThat(summary.updates()).isLessThan(UPDATES);
  }

  @Test
  void drainsAlthoughTheReplayActorBeginsAnewWhileItWaitsForWhatIsOut() throws Exception {
    FakeRun run = slowRun();
    run.start().awaitUpdate(4);
    NodeActor.Singletons singletons = run.singletons();
    AtomicBoolean asked = new AtomicBoolean();
    run.fakes.verdicts =
        _ -> {
          asked.set(true);
          return Optional.of(new CompletableFuture<>());
        };
    await().untilTrue(asked);
    run.handle().drain();
    await().until(() -> run.handle().status().phase() != Phase.RUNNING);
    singletons.replay().tell(new ReplayActor.Poison());
    assertThat(run.end().resumable()).isTrue();
  }

  @Test
  void survivesTheLossOfEveryRewardActor() throws Exception {
    FakeRun run =
        surviving(
            it -> it.children().rewards().forEach(reward -> reward.tell(new RewardActor.Poison())));
    assertThat(run.heard(RunEvent.ActorRestarted.class)).hasSize(2);
  }

  @Test
  void survivesTheLossOfTheLearner() throws Exception {
    FakeRun run = surviving(it -> it.learner().tell(new LearnerActor.Poison()));
    assertThat(run.fakes.versions).anyMatch(version -> version.incarnation() == 2);
  }

  @Test
  void survivesTheLossOfTheReplayActor() throws Exception {
    surviving(run -> run.singletons().replay().tell(new ReplayActor.Poison()));
  }

  @Test
  void survivesTheLossOfTheRegistryAndTheCache() throws Exception {
    surviving(
        run -> {
          run.singletons().registry().tell(new PolicyRegistry.Poison());
          run.children().cache().orElseThrow().tell(new PolicyCache.Poison());
        });
  }

  @Test
  void survivesTheLossOfTheMonitor() throws Exception {
    surviving(run -> run.singletons().monitor().tell(new MonitorActor.Poison()));
  }

  @Test
  void survivesTheLossOfTheNode() throws Exception {
    surviving(run -> run.handle().system().tell(new Guardian.ToNode(new NodeActor.Poison())));
  }

  @Test
  void survivesTheLossOfTheRun() throws Exception {
    surviving(run -> run.handle().system().tell(new Guardian.ToRun(new RunActor.Poison())));
  }

  @Test
  void replacesARewardActorThatDoesNotAnswer() throws Exception {
    FakeRun run =
        FakeRun.of(
            Recipes.small()
                .updates(UPDATES)
                .verifier(Duration.ofMillis(100), Duration.ZERO)
                .build(),
            directory);
    CountDownLatch over = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    run.fakes.verdicts =
        trajectory -> {
          if (first.compareAndSet(true, false)) {
            hold(over);
          }
          return Optional.of(CompletableFuture.completedFuture(new Outcome.Scored(1)));
        };
    try {
      RunSummary summary = run.start().end();
      assertThat(summary.updates()).isEqualTo(UPDATES);
      assertThat(run.heard(RunEvent.ActorRestarted.class))
          .anySatisfy(restarted -> assertThat(restarted.cause()).contains("no answer"));
    } finally {
      over.countDown();
    }
  }

  /**
   * Keeps the calling thread; for a verdict that is the worst a binding can do: the actor's own.
   */
  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
