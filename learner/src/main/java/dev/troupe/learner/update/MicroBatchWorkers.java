package dev.troupe.learner.update;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Threads that compute micro-batches at the same time. Results are taken in the order of the tasks,
 * on the caller's thread, so that sums don't depend on who was faster or on how many there are. At
 * most one result more than there are threads waits in memory.
 */
final class MicroBatchWorkers implements AutoCloseable {
  private final int workers;
  private final ExecutorService executor;

  MicroBatchWorkers(int workers, ThreadFactory threads) {
    if (workers < 1) {
      throw new IllegalArgumentException(
          "learner threads must be at least 1, got [" + workers + "]");
    }
    this.workers = workers;
    this.executor = Executors.newFixedThreadPool(workers, threads);
  }

  /** Runs all tasks and gives each result to {@code sink}, which takes it over, in task order. */
  <T extends AutoCloseable> void inOrder(List<Callable<T>> tasks, Consumer<T> sink) {
    Iterator<Callable<T>> waiting = tasks.iterator();
    Deque<Future<T>> running = new ArrayDeque<>();
    try {
      while (waiting.hasNext() || !running.isEmpty()) {
        while (waiting.hasNext() && running.size() <= workers) {
          running.add(executor.submit(waiting.next()));
        }
        sink.accept(result(running.remove()));
      }
    } finally {
      running.forEach(MicroBatchWorkers::abandon);
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a micro-batch failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a micro-batch", e);
    }
  }

  /** Waits for a task that nobody wants any more, so that its tensors are freed. */
  private static <T extends AutoCloseable> void abandon(Future<T> future) {
    if (future.cancel(false) && future.isCancelled()) {
      return;
    }
    try {
      future.get().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | CancellationException _) {
      // It failed as well; the first failure is reported.
    } catch (Exception e) {
      throw new IllegalStateException("closing the result of a micro-batch", e);
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
