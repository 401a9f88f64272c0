package dev.troupe.rollout.verify;

import dev.troupe.protocol.outcome.NonFiniteScoreException;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs a verifier on threads of its own, so that whatever it does becomes an outcome.
 *
 * <pre>
 * returns a finite score       → Scored
 * returns null, NaN, infinity  → Invalid, saying what it returned
 * throws                       → Crashed, with the message and the first frame
 * runs longer than the limit   → TimedOut; its thread is interrupted and abandoned, and another takes its place
 * every thread abandoned       → Crashed, saying so, until one of them comes back
 * </pre>
 *
 * <p>A verifier that judges many trajectories together is handed them with the limit, and minds it.
 *
 * <p>The limit counts from when a thread takes the trajectory up, not from when it was handed in.
 * At most {@code workers} threads verify, and at most {@code abandonedMax} that hang are replaced;
 * an abandoned thread that comes back after all makes room again. An artificial delay holds back
 * the verdict, not a thread: it adds latency and takes no throughput away.
 */
public final class VerifierRunner implements AutoCloseable {
  private enum State {
    RUNNING,
    ANSWERED,
    ABANDONED
  }

  /** One verification. State is guarded by the lock, and changes once. */
  private static final class Job {
    final Task task;
    final Trajectory trajectory;
    final CompletableFuture<Outcome> verdict = new CompletableFuture<>();
    State state = State.RUNNING;

    Job(Task task, Trajectory trajectory) {
      this.task = task;
      this.trajectory = trajectory;
    }
  }

  private final Verifier verifier;
  private final int workers;
  private final int threadsMax;
  private final int queueMax;
  private final Duration limit;
  private final Duration delay;
  private final ThreadFactory threads;
  private final Timer timer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Deque<Job> queue = new ArrayDeque<>();

  /** Threads that work or wait for work; {@code busy} of them have a job. */
  private int live;

  private int busy;
  private int started;
  private int abandoned;
  private boolean closed;

  /**
   * @param specification workers, queue, time limit and artificial delay; as many threads may be
   *     abandoned as there are workers
   * @param threads makes the threads, daemons by preference
   */
  public VerifierRunner(
      Verifier verifier, RewardSpecification specification, ThreadFactory threads, Timer timer) {
    this(verifier, specification, specification.workers(), threads, timer);
  }

  /**
   * @param abandonedMax hanging threads that are replaced
   */
  public VerifierRunner(
      Verifier verifier,
      RewardSpecification specification,
      int abandonedMax,
      ThreadFactory threads,
      Timer timer) {
    if (specification.workers() < 1) {
      throw new IllegalArgumentException(
          "a verifier needs at least [1] worker, got [" + specification.workers() + "]");
    }
    this.verifier = verifier;
    this.workers = specification.workers();
    this.threadsMax = workers + abandonedMax;
    this.queueMax = specification.queueMax();
    this.limit = specification.timeLimit();
    this.delay = specification.artificialDelay();
    this.threads = threads;
    this.timer = timer;
  }

  /**
   * Judges {@code trajectory}. The stage always completes with an outcome, on a thread of this
   * runner or of its timer.
   *
   * @throws RejectedExecutionException where the queue is full or the runner closed
   */
  public CompletionStage<Outcome> verify(Task task, Trajectory trajectory) {
    Job job = new Job(task, trajectory);
    lock.lock();
    try {
      if (closed) {
        throw new RejectedExecutionException("the runner of " + name() + " is closed");
      }
      if (abandoned == threadsMax) {
        return CompletableFuture.completedFuture(allHang());
      }
      if (queue.size() + busy >= workers + queueMax) {
        throw new RejectedExecutionException(
            "[" + queue.size() + "] trajectories wait for " + name() + ", the most allowed");
      }
      queue.add(job);
      work.signal();
      startMissing();
    } finally {
      lock.unlock();
    }
    return job.verdict;
  }

  /** Trajectories that may be with the runner at a time: running and waiting. */
  public int capacity() {
    return workers + queueMax;
  }

  /** Trajectories that may be handed in now. */
  public int room() {
    lock.lock();
    try {
      return closed ? 0 : Math.max(0, capacity() - queue.size() - busy);
    } finally {
      lock.unlock();
    }
  }

  /** Trajectories handed in that no thread has taken up. */
  public int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** Threads that ran into the time limit and have not come back. */
  public int abandoned() {
    lock.lock();
    try {
      return abandoned;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes nothing more and interrupts nobody: what runs is finished, what waits is verified, and
   * then the verifier is closed.
   */
  @Override
  public void close() {
    boolean idle;
    lock.lock();
    try {
      idle = !closed && live == 0;
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
    if (idle) {
      verifier.close();
    }
  }

  /** Holding the lock: starts a worker if one is missing and there is work for it. */
  private void startMissing() {
    if (live < workers && live + abandoned < threadsMax && live < busy + queue.size()) {
      Thread thread = threads.newThread(this::serve);
      thread.setName("verifier-" + ++started);
      thread.start();
      live++;
    }
  }

  private void serve() {
    List<Job> next = take();
    while (!next.isEmpty()) {
      if (verifier.together() > 1) {
        judgeTogether(next);
        next = take();
      } else {
        Job job = next.getFirst();
        Outcome outcome = judge(job);
        next = answer(job, outcome) || comeBack() ? take() : List.of();
      }
    }
  }

  /** This thread's share of the work, at least one job; none = there will be no more. */
  private List<Job> take() {
    boolean last;
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        work.awaitUninterruptibly();
      }
      if (!queue.isEmpty()) {
        int share = Math.min(verifier.together(), Math.ceilDiv(queue.size(), workers));
        List<Job> taken = new ArrayList<>();
        while (taken.size() < share) {
          taken.add(queue.remove());
        }
        busy += share;
        return taken;
      }
      live--;
      last = live == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      verifier.close();
    }
    return List.of();
  }

  /** By a verifier that minds the time limit itself. */
  private void judgeTogether(List<Job> jobs) {
    List<Outcome> outcomes;
    try {
      outcomes =
          verifier.verifyAll(
              jobs.stream().map(job -> new Verifier.Request(job.task, job.trajectory)).toList(),
              limit);
    } catch (Throwable e) {
      outcomes = Collections.nCopies(jobs.size(), new Outcome.Crashed(Thrown.words(e)));
    }
    for (int i = 0; i < jobs.size(); i++) {
      boolean inTime = answer(jobs.get(i), outcomes.get(i));
      assert inTime : "nobody abandons it";
    }
  }

  /** Whether the answer came in time. From here on nobody interrupts this thread. */
  private boolean answer(Job job, Outcome outcome) {
    lock.lock();
    try {
      Thread.interrupted();
      if (job.state == State.ABANDONED) {
        return false;
      }
      job.state = State.ANSWERED;
      busy--;
    } finally {
      lock.unlock();
    }
    complete(job, outcome);
    return true;
  }

  private void abandon(Job job, Thread thread) {
    Deque<Job> hopeless = new ArrayDeque<>();
    boolean last;
    lock.lock();
    try {
      if (job.state != State.RUNNING) {
        return;
      }
      job.state = State.ABANDONED;
      thread.interrupt();
      live--;
      busy--;
      abandoned++;
      startMissing();
      if (abandoned == threadsMax) {
        hopeless.addAll(queue);
        queue.clear();
      }
      last = closed && live == 0;
    } finally {
      lock.unlock();
    }
    complete(job, new Outcome.TimedOut(limit));
    hopeless.forEach(waiting -> complete(waiting, allHang()));
    if (last) {
      verifier.close();
    }
  }

  /** An abandoned thread has returned; whether it is needed to work on. */
  private boolean comeBack() {
    lock.lock();
    try {
      abandoned--;
      boolean needed = live < workers && !closed;
      if (needed) {
        live++;
      }
      return needed;
    } finally {
      lock.unlock();
    }
  }

  private void complete(Job job, Outcome outcome) {
    if (delay.isZero()) {
      job.verdict.complete(outcome);
      return;
    }
    try {
      timer.after(delay, () -> job.verdict.complete(outcome));
    } catch (RejectedExecutionException _) {
      // The timer has been shut down: better a verdict too early than none.
      job.verdict.complete(outcome);
    }
  }

  private Outcome judge(Job job) {
    Thread thread = Thread.currentThread();
    Runnable cancel = () -> {};
    try {
      cancel = timer.after(limit, () -> abandon(job, thread));
      return checked(verifier.verify(job.task, job.trajectory));
    } catch (NonFiniteScoreException e) {
      return new Outcome.Invalid(name() + ": " + e.getMessage());
    } catch (Throwable e) {
      return new Outcome.Crashed(Thrown.words(e));
    } finally {
      cancel.run();
    }
  }

  private Outcome checked(@Nullable Outcome outcome) {
    if (outcome == null) {
      return new Outcome.Invalid(name() + " answered null");
    }
    return outcome;
  }

  private Outcome allHang() {
    return new Outcome.Crashed(
        name()
            + " hangs in all ["
            + threadsMax
            + "] threads that it may have; mend it, or give it a time limit of its own");
  }

  private String name() {
    return "verifier [" + verifier.ref().name() + "]";
  }
}
