package dev.troupe.actors.journal;

import dev.troupe.actors.ledger.Decision;
import dev.troupe.actors.ledger.Effect;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.actors.ledger.Replay;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.CheckpointSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.JournalRetain;
import dev.troupe.protocol.run.ReplaySpecification.OnStraggler;
import dev.troupe.protocol.run.ReplaySpecification.Orphans;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures the books alone: real decisions and a real journal, with workers that only pretend. One
 * thread keeps the books, as the replay actor does, and plays the workers and the learner beside
 * it; the journal writes and syncs on its own.
 *
 * <p>Every node holds {@link Load#leasesPerNode} leases. The workers answer one after the other at
 * the wanted rate, or at once; when the last trajectory of a lease is acknowledged, its holder asks
 * for another.
 */
public final class LedgerBenchmark {

  /** Trajectories that one lease asks for. */
  public static final int LEASE = 4;

  private static final int LAG_MAX = 4;
  private static final int CHECKPOINT_EVERY = 4;
  private static final long NANOS = 1_000_000_000L;

  /**
   * What is asked of the books.
   *
   * @param perSecond trajectories that the workers make together; 0 = as many as the books take
   * @param seconds measured, after a quarter of that for warming up
   */
  public record Load(int nodes, int leasesPerNode, double perSecond, double seconds) {
    int leases() {
      return nodes * leasesPerNode;
    }
  }

  /**
   * What was measured.
   *
   * @param perSecond trajectories acknowledged
   * @param cpuMicros processor time of the books' thread for each of them, workers included
   * @param leasesOut at the end
   * @param grantMedianMillis from the demand until the grant leaves, the sync of the journal
   *     between
   * @param grantLateMillis within which 99 of 100 grants leave
   */
  public record Result(
      double perSecond,
      double cpuMicros,
      int leasesOut,
      double grantMedianMillis,
      double grantLateMillis) {}

  private record Answer(long dueNanos, String holder, Lease lease, int member) {}

  private record Ask(long atNanos, String holder) {}

  private final Load load;
  private final JudgedTrajectory model;
  private final LongSupplier nanos;
  private final LongSupplier cpuNanos;
  private final Replay replay;
  private final Books books;
  private final AtomicLong syncedThrough;
  private final AtomicReference<@Nullable JournalFailure> failure;
  private final ArrayDeque<Answer> answers = new ArrayDeque<>();
  private final ArrayDeque<Ask> asks = new ArrayDeque<>();
  private final Map<String, Integer> unanswered = new HashMap<>();
  private final Map<LeaseId, Long> askedAt = new HashMap<>();
  private final long[] latencies = new long[1 << 20];
  private int granted;
  private long synced;
  private long acknowledged;
  private long trained;
  private long answersAt;
  private boolean measuring;

  private LedgerBenchmark(
      Path directory,
      Load load,
      JudgedTrajectory model,
      ThreadFactory threads,
      LongSupplier nanos,
      LongSupplier cpuNanos) {
    this.load = load;
    this.model = model;
    this.nanos = nanos;
    this.cpuNanos = cpuNanos;
    AtomicLong through = new AtomicLong();
    AtomicReference<@Nullable JournalFailure> broken = new AtomicReference<>();
    this.syncedThrough = through;
    this.failure = broken;
    ReplaySpecification specification = specification(load);
    RewardSpecification reward =
        new RewardSpecification(
            "exact",
            "1",
            Duration.ofSeconds(1),
            1,
            1,
            10,
            3,
            RewardSpecification.OnFailedMember.DROP_MEMBER,
            1,
            1.0,
            Duration.ZERO);
    this.replay =
        new Replay(
            specification,
            reward,
            LedgerRules.of(
                specification, reward, new CheckpointSpecification(CHECKPOINT_EVERY, 2), false),
            LedgerBenchmark::task,
            model.verifier());
    this.books =
        Books.open(
                directory.resolve("journal"),
                directory.resolve("epochs"),
                "benchmark",
                replay,
                specification,
                0,
                "benchmark",
                nanos.getAsLong(),
                () -> Long.MAX_VALUE,
                threads,
                new JournalListener() {
                  @Override
                  public void synced(long position) {
                    through.set(position);
                  }

                  @Override
                  public void failed(JournalFailure failed) {
                    broken.set(failed);
                  }

                  @Override
                  public void diskLow(boolean low, long freeBytes) {}
                })
            .books();
  }

  private static ReplaySpecification specification(Load load) {
    int groups = Math.max(1, load.leases() / LAG_MAX);
    return new ReplaySpecification(
        groups,
        LEASE,
        LAG_MAX,
        1,
        OnStraggler.DROP,
        false,
        Orphans.ADMIT,
        Duration.ofSeconds(60),
        256L << 20,
        JournalRetain.SINCE_OLDEST_CHECKPOINT,
        0);
  }

  private static Task task(long number) {
    return new Task(number, "bench", "", new TaskContent.Prompt("1+1=", "2"));
  }

  /**
   * Runs one load in {@code directory}, which is empty.
   *
   * @param model the trajectory that every worker makes, for its size
   * @param cpuNanos processor time of the calling thread
   */
  public static Result run(
      Path directory,
      Load load,
      JudgedTrajectory model,
      ThreadFactory threads,
      LongSupplier nanos,
      LongSupplier cpuNanos) {
    LedgerBenchmark benchmark =
        new LedgerBenchmark(directory, load, model, threads, nanos, cpuNanos);
    try (Books books = benchmark.books) {
      return benchmark.measure(books);
    }
  }

  private Result measure(Books open) {
    decided(open, replay.incarnationBegan(1, 0, 0, nanos.getAsLong()));
    decided(open, replay.requestBatch(1, 1, 0, nanos.getAsLong()));
    for (int lease = 0; lease < load.leases(); lease++) {
      String holder = "node-" + lease % load.nodes() + "/rollout-" + lease / load.nodes();
      asks.addLast(new Ask(nanos.getAsLong(), holder));
    }
    workFor(open, load.seconds() / 4);
    measuring = true;
    long before = acknowledged;
    long cpu = cpuNanos.getAsLong();
    long began = nanos.getAsLong();
    workFor(open, load.seconds());
    double seconds = (nanos.getAsLong() - began) / (double) NANOS;
    double busyMicros = (cpuNanos.getAsLong() - cpu) / 1e3;
    long done = acknowledged - before;
    long[] sorted = Arrays.copyOf(latencies, granted);
    Arrays.sort(sorted);
    replay.ledger().check();
    return new Result(
        done / seconds,
        busyMicros / Math.max(1, done),
        replay.leasesOut(),
        granted == 0 ? 0 : sorted[granted / 2] / 1e6,
        granted == 0 ? 0 : sorted[(int) (granted * 0.99)] / 1e6);
  }

  /** The books' thread: what came first is done first, and what the journal covers leaves. */
  private void workFor(Books open, double seconds) {
    long end = nanos.getAsLong() + (long) (seconds * NANOS);
    long ticked = nanos.getAsLong();
    for (long now = nanos.getAsLong(); now - end < 0; now = nanos.getAsLong()) {
      JournalFailure broken = failure.get();
      if (broken != null) {
        throw new IllegalStateException(broken.message());
      }
      if (now - ticked > NANOS / 4) {
        ticked = now;
        decided(open, replay.tick(now));
      }
      leaveWhatIsSynced(open);
      Answer answer = answers.peekFirst();
      Ask ask = asks.peekFirst();
      boolean isAnswered = answer != null && answer.dueNanos() - now <= 0 && !open.isFull();
      if (ask != null && (answer == null || !isAnswered || ask.atNanos() - answer.dueNanos() < 0)) {
        asks.removeFirst();
        onAsked(open, ask, now);
      } else if (answer != null && isAnswered) {
        answers.removeFirst();
        decided(open, replay.offer(answer.holder(), trajectory(answer), now));
      } else {
        LockSupport.parkNanos(20_000);
      }
    }
  }

  private void leaveWhatIsSynced(Books open) {
    long through = syncedThrough.get();
    if (through > synced) {
      synced = through;
      leave(open, open.synced(through));
    }
  }

  private void onAsked(Books open, Ask ask, long now) {
    Decision decision = replay.demand(ask.holder(), LEASE, now);
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.Grant(var holder, var lease, _)) {
        askedAt.put(lease.id(), holder.equals(ask.holder()) ? ask.atNanos() : now);
      }
    }
    decided(open, decision);
  }

  private void decided(Books open, Decision decision) {
    leave(open, open.carryOut(decision));
  }

  private void leave(Books open, List<Effect> effects) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Grant(var holder, var lease, _) -> onGranted(holder, lease);
        case Effect.Acknowledge(var holder, _, _, _) -> onAcknowledged(holder);
        case Effect.HandOut(var plan) -> onBatch(open, plan.number());
        case Effect.StopRun(var why, _) -> throw new IllegalStateException(why);
        case Effect.Revoke _,
            Effect.BatchRefused _,
            Effect.CommitAcknowledged _,
            Effect.CommitRefused _,
            Effect.IncarnationAcknowledged _,
            Effect.IncarnationRefused _,
            Effect.BudgetSpent _,
            Effect.VerifierInForce _ -> {}
      }
    }
  }

  private void onGranted(String holder, Lease lease) {
    long now = nanos.getAsLong();
    Long asked = askedAt.remove(lease.id());
    if (measuring && asked != null && granted < latencies.length) {
      latencies[granted++] = now - asked;
    }
    for (int member : lease.members().toArray()) {
      unanswered.merge(holder, 1, Integer::sum);
      answers.addLast(new Answer(nextAnswerNanos(now), holder, lease, member));
    }
  }

  /** The workers answer one after the other, at the wanted rate. */
  private long nextAnswerNanos(long now) {
    if (load.perSecond() == 0) {
      return now;
    }
    answersAt = Math.max(now, answersAt + (long) (NANOS / load.perSecond()));
    return answersAt;
  }

  private void onAcknowledged(String holder) {
    acknowledged++;
    Integer left = unanswered.computeIfPresent(holder, (_, count) -> count == 1 ? null : count - 1);
    if (left == null) {
      asks.addLast(new Ask(nanos.getAsLong(), holder));
    }
  }

  /** The learner takes no time: it trained on the batch, and wants the next one. */
  private void onBatch(Books open, long number) {
    long now = nanos.getAsLong();
    trained = number;
    decided(open, replay.updated(policy(), number, false, now));
    if (number % CHECKPOINT_EVERY == 0) {
      CheckpointRef checkpoint = new CheckpointRef(number, 1, "benchmark");
      decided(open, replay.checkpointWritten(1, checkpoint, number, 0, now));
    }
    decided(open, replay.requestBatch(1, number + 1, 0, now));
  }

  private JudgedTrajectory trajectory(Answer answer) {
    Lease lease = answer.lease();
    TrajectoryBody body = model.trajectory().body();
    Trajectory trajectory =
        new Trajectory(
            new TrajectoryId(lease.group().number(), answer.member()),
            lease.id(),
            lease.attempt(),
            List.of(new VersionSpan(0, policy())),
            body);
    return new JudgedTrajectory(trajectory, model.verifier(), model.outcome(), model.verifying());
  }

  private PolicyVersion policy() {
    return new PolicyVersion(1, trained, 0, model.trajectory().behaviour().hash());
  }
}
