package dev.troupe.actors;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/** One thread that does what it is given, in order, and knows how long it had nothing to do. */
public final class EngineThread implements AutoCloseable {
  private static final long NOT_WAITING = -1;

  private record Job(Runnable work, boolean last) {}

  private final LongSupplier nanos;
  private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
  private volatile long idleNanos;
  private volatile long waitingSince = NOT_WAITING;

  /** Begins to wait for work on a thread of {@code threads}. */
  public EngineThread(ThreadFactory threads, LongSupplier nanos) {
    this.nanos = nanos;
    threads.newThread(this::run).start();
  }

  /** Does {@code work} after everything given before. */
  public <T> CompletionStage<T> submit(Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    jobs.add(new Job(() -> complete(work, done), false));
    return done;
  }

  private static <T> void complete(Callable<T> work, CompletableFuture<T> done) {
    try {
      done.complete(work.call());
    } catch (Throwable e) {
      done.completeExceptionally(e);
    }
  }

  /** Time without anything to do so far. */
  public long idleNanos() {
    long now = nanos.getAsLong();
    long since = waitingSince;
    return idleNanos + (since == NOT_WAITING ? 0 : Math.max(0, now - since));
  }

  /** Ends the thread after what was given before. */
  @Override
  public void close() {
    jobs.add(new Job(() -> {}, true));
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only this thread writes
  private void run() {
    try {
      for (boolean last = false; !last; ) {
        Job job = jobs.poll();
        if (job == null) {
          long began = nanos.getAsLong();
          waitingSince = began;
          job = jobs.take();
          idleNanos += nanos.getAsLong() - began;
          waitingSince = NOT_WAITING;
        }
        job.work().run();
        last = job.last();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
