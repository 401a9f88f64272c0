package dev.troupe.rollout.verify;

import static dev.troupe.rollout.verify.Samples.TASK;
import static dev.troupe.rollout.verify.Samples.specification;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VerifierRunnerTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration DELAY = Duration.ofMillis(50);
  private static final Trajectory ANSWER = Samples.answer("231", FinishReason.END_TOKEN);

  private final ManualTimer timer = new ManualTimer();
  private final List<Thread> threads = new ArrayList<>();
  private final ThreadFactory factory =
      action -> {
        Thread thread = new Thread(action, "verifier-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
      };
  private final CountDownLatch release = new CountDownLatch(1);
  private final LinkedBlockingQueue<Thread> hanging = new LinkedBlockingQueue<>();

  @AfterEach
  void letGo() {
    release.countDown();
  }

  private static Verifier verifier(Supplier<Outcome> verdict) {
    return new Verifier() {
      @Override
      public VerifierRef ref() {
        return new VerifierRef("fake", "1", "00");
      }

      @Override
      public Outcome verify(Task task, Trajectory trajectory) {
        return verdict.get();
      }
    };
  }

  /** Waits for the release whatever interrupts it. */
  private Outcome hang() {
    hanging.add(Thread.currentThread());
    while (true) {
      try {
        release.await();
        return new Outcome.Scored(1);
      } catch (InterruptedException _) {
        // A verifier that ignores interruption.
      }
    }
  }

  private static Outcome get(CompletableFuture<Outcome> verdict) throws Exception {
    return verdict.get(20, TimeUnit.SECONDS);
  }

  private VerifierRunner runner(Verifier verifier, int workers, int queueMax, int abandonedMax) {
    return new VerifierRunner(
        verifier, specification(workers, queueMax, Duration.ZERO), abandonedMax, factory, timer);
  }

  private Outcome outcomeOf(Supplier<Outcome> verdict) throws Exception {
    try (VerifierRunner runner = runner(verifier(verdict), 1, 1, 1)) {
      return get(runner.verify(TASK, ANSWER).toCompletableFuture());
    }
  }

  @Test
  void passesAScoreOnAndTakesTheTimeLimitBack() throws Exception {
    VerifierRunner runner = runner(Verifiers.of(specification(1, 1, Duration.ZERO)), 1, 1, 1);
    assertThat(get(runner.verify(TASK, ANSWER).toCompletableFuture()))
        .isEqualTo(new Outcome.Scored(1));
    runner.close();
    threads.getFirst().join();
    assertThat(timer.pending()).isZero();
  }

  @Test
  void whatThrowsHasCrashedAndSaysWhere() throws Exception {
    Outcome outcome =
        outcomeOf(
            () -> {
              throw new IllegalStateException("boom");
            });
    assertThat(outcome).isInstanceOf(Outcome.Crashed.class);
    assertThat(((Outcome.Crashed) outcome).error())
        .startsWith("java.lang.IllegalStateException: boom at ")
        .contains("VerifierRunnerTest.java:");
  }

  @Test
  void anErrorHasCrashedLikeAnException() throws Exception {
    assertThat(
            outcomeOf(
                () -> {
                  throw new StackOverflowError();
                }))
        .isInstanceOf(Outcome.Crashed.class);
  }

  @Test
  void whatIsNotAFiniteScoreIsInvalid() throws Exception {
    assertThat(outcomeOf(() -> new Outcome.Scored(Double.NaN)))
        .isEqualTo(new Outcome.Invalid("verifier [fake]: a score must be finite, got [NaN]"));
    assertThat(outcomeOf(() -> new Outcome.Scored(Double.NEGATIVE_INFINITY)))
        .isEqualTo(new Outcome.Invalid("verifier [fake]: a score must be finite, got [-Infinity]"));
    assertThat(
            outcomeOf(
                () ->
                    new Outcome.Scored(
                        1, List.of(new Outcome.Part("style", Double.NaN)), Optional.empty())))
        .isEqualTo(new Outcome.Invalid("verifier [fake]: part [style] must be finite, got [NaN]"));
  }

  @Test
  @SuppressWarnings("NullAway") // A plug-in without null checks may do this.
  void nullIsInvalid() throws Exception {
    assertThat(outcomeOf(() -> null))
        .isEqualTo(new Outcome.Invalid("verifier [fake] answered null"));
  }

  @Test
  void whatHangsTimesOutAndAnotherThreadTakesItsPlace() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    VerifierRunner runner =
        runner(
            verifier(() -> calls.incrementAndGet() == 1 ? hang() : new Outcome.Scored(0.5)),
            1,
            1,
            1);
    CompletableFuture<Outcome> stuck = runner.verify(TASK, ANSWER).toCompletableFuture();
    Thread first = hanging.poll(20, TimeUnit.SECONDS);
    CompletableFuture<Outcome> waiting = runner.verify(TASK, ANSWER).toCompletableFuture();
    assertThat(runner.waiting()).isEqualTo(1);
    timer.pass(LIMIT);
    assertThat(get(stuck)).isEqualTo(new Outcome.TimedOut(LIMIT));
    assertThat(get(waiting)).isEqualTo(new Outcome.Scored(0.5));
    assertThat(runner.abandoned()).isEqualTo(1);
    assertThat(threads).hasSize(2);
    release.countDown();
    assertThat(first).isNotNull();
    first.join();
    assertThat(runner.abandoned()).isZero();
    assertThat(get(stuck)).isEqualTo(new Outcome.TimedOut(LIMIT));
  }

  @Test
  void aVerifierThatHeedsInterruptionGivesItsThreadBack() throws Exception {
    VerifierRunner runner =
        runner(
            verifier(
                () -> {
                  hanging.add(Thread.currentThread());
                  try {
                    release.await();
                    return new Outcome.Scored(1);
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }),
            1,
            1,
            0);
    CompletableFuture<Outcome> stuck = runner.verify(TASK, ANSWER).toCompletableFuture();
    hanging.poll(20, TimeUnit.SECONDS);
    timer.pass(LIMIT);
    assertThat(get(stuck)).isEqualTo(new Outcome.TimedOut(LIMIT));
    release.countDown();
    // Either the thread is back already or the only thread that may be abandoned still is.
    Outcome next = get(runner.verify(TASK, ANSWER).toCompletableFuture());
    assertThat(next).isIn(new Outcome.Scored(1), hangsInAll(1));
    assertThat(threads).hasSizeBetween(1, 2);
  }

  @Test
  void onceAllThreadsHangEverythingHasCrashedUntilOneComesBack() throws Exception {
    VerifierRunner runner = runner(verifier(this::hang), 1, 2, 1);
    List<CompletableFuture<Outcome>> verdicts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      verdicts.add(runner.verify(TASK, ANSWER).toCompletableFuture());
    }
    hanging.poll(20, TimeUnit.SECONDS);
    timer.pass(LIMIT);
    Thread second = hanging.poll(20, TimeUnit.SECONDS);
    timer.pass(LIMIT);
    assertThat(get(verdicts.get(0))).isEqualTo(new Outcome.TimedOut(LIMIT));
    assertThat(get(verdicts.get(1))).isEqualTo(new Outcome.TimedOut(LIMIT));
    assertThat(get(verdicts.get(2))).isEqualTo(hangsInAll(2));
    assertThat(get(runner.verify(TASK, ANSWER).toCompletableFuture())).isEqualTo(hangsInAll(2));
    assertThat(threads).hasSize(2);
    release.countDown();
    runner.close();
    assertThat(second).isNotNull();
    second.join();
    assertThat(runner.abandoned()).isLessThan(2);
  }

  private static Outcome hangsInAll(int count) {
    return new Outcome.Crashed(
        "verifier [fake] hangs in all ["
            + count
            + "] threads that it may have; mend it, or give it a time limit of its own");
  }

  @Test
  void refusesMoreThanMayWait() throws Exception {
    VerifierRunner runner = runner(verifier(this::hang), 1, 1, 1);
    runner.verify(TASK, ANSWER);
    hanging.poll(20, TimeUnit.SECONDS);
    CompletableFuture<Outcome> waiting = runner.verify(TASK, ANSWER).toCompletableFuture();
    assertThatThrownBy(() -> runner.verify(TASK, ANSWER))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage("[1] trajectories wait for verifier [fake], the most allowed");
    release.countDown();
    assertThat(get(waiting)).isEqualTo(new Outcome.Scored(1));
  }

  @Test
  void anArtificialDelayHoldsTheVerdictButNoThread() throws Exception {
    VerifierRunner runner =
        new VerifierRunner(
            verifier(() -> new Outcome.Scored(1)), specification(1, 5, DELAY), factory, timer);
    CompletableFuture<Outcome> first = runner.verify(TASK, ANSWER).toCompletableFuture();
    CompletableFuture<Outcome> second = runner.verify(TASK, ANSWER).toCompletableFuture();
    runner.close();
    threads.getFirst().join();
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    timer.pass(DELAY);
    assertThat(get(first)).isEqualTo(new Outcome.Scored(1));
    assertThat(get(second)).isEqualTo(new Outcome.Scored(1));
  }

  @Test
  void theVerifierIsClosedOnceItsLastVerdictIsGiven() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    VerifierRunner runner = runner(closing(this::hang, closed), 1, 1, 1);
    CompletableFuture<Outcome> last = runner.verify(TASK, ANSWER).toCompletableFuture();
    hanging.poll(20, TimeUnit.SECONDS);
    runner.close();
    assertThat(closed).hasValue(0);
    release.countDown();
    assertThat(get(last)).isEqualTo(new Outcome.Scored(1));
    threads.getFirst().join();
    assertThat(closed).hasValue(1);
    runner.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void theVerifierIsClosedAlthoughItsLastVerdictNeverComes() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    VerifierRunner runner = runner(closing(this::hang, closed), 1, 1, 1);
    CompletableFuture<Outcome> last = runner.verify(TASK, ANSWER).toCompletableFuture();
    hanging.poll(20, TimeUnit.SECONDS);
    runner.close();
    timer.pass(LIMIT);
    assertThat(get(last)).isEqualTo(new Outcome.TimedOut(LIMIT));
    assertThat(closed).hasValue(1);
    release.countDown();
    threads.getFirst().join();
    assertThat(closed).hasValue(1);
  }

  @Test
  void aVerifierThatWasNeverAskedIsClosedAtOnce() {
    AtomicInteger closed = new AtomicInteger();
    VerifierRunner runner = runner(closing(() -> new Outcome.Scored(1), closed), 1, 1, 1);
    runner.close();
    assertThat(closed).hasValue(1);
  }

  private static Verifier closing(Supplier<Outcome> verdict, AtomicInteger closed) {
    Verifier verifier = verifier(verdict);
    return new Verifier() {
      @Override
      public VerifierRef ref() {
        return verifier.ref();
      }

      @Override
      public Outcome verify(Task task, Trajectory trajectory) {
        return verifier.verify(task, trajectory);
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  @Test
  void refusesWorkOnceClosed() {
    VerifierRunner runner = runner(verifier(() -> new Outcome.Scored(1)), 1, 1, 1);
    runner.close();
    assertThatThrownBy(() -> runner.verify(TASK, ANSWER))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage("the runner of verifier [fake] is closed");
  }

  @Test
  void handsManyToAVerifierThatJudgesThemTogether() throws Exception {
    CountDownLatch all = new CountDownLatch(1);
    List<Integer> sizes = new ArrayList<>();
    Verifier together =
        new Verifier() {
          @Override
          public VerifierRef ref() {
            return new VerifierRef("fake", "1", "00");
          }

          @Override
          public Outcome verify(Task task, Trajectory trajectory) {
            throw new IllegalStateException("it is asked for many");
          }

          @Override
          public int together() {
            return 3;
          }

          @Override
          public List<Outcome> verifyAll(List<Request> requests, Duration limit) {
            await(all);
            sizes.add(requests.size());
            assertThat(limit).isEqualTo(LIMIT);
            return requests.stream().map(_ -> (Outcome) new Outcome.Scored(1)).toList();
          }
        };
    List<CompletableFuture<Outcome>> verdicts = new ArrayList<>();
    try (VerifierRunner runner =
        new VerifierRunner(together, specification(1, 10, Duration.ZERO), factory, timer)) {
      verdicts.add(runner.verify(TASK, ANSWER).toCompletableFuture());
      while (runner.waiting() > 0) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 5; i++) {
        verdicts.add(runner.verify(TASK, ANSWER).toCompletableFuture());
      }
      all.countDown();
      for (CompletableFuture<Outcome> verdict : verdicts) {
        assertThat(get(verdict)).isEqualTo(new Outcome.Scored(1));
      }
    }
    assertThat(sizes).containsExactly(1, 3, 2);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
