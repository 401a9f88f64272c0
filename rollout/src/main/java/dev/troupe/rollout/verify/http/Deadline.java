package dev.troupe.rollout.verify.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Until when something is waited for. */
final class Deadline implements AutoCloseable {
  private final CompletableFuture<Boolean> passed;

  private Deadline(CompletableFuture<Boolean> passed) {
    this.passed = passed;
  }

  /** One that passes after {@code limit}. */
  static Deadline in(Duration limit) {
    return new Deadline(after(limit));
  }

  /** One that doesn't pass: whoever waits is interrupted. */
  static Deadline never() {
    return new Deadline(new CompletableFuture<>());
  }

  private static CompletableFuture<Boolean> after(Duration time) {
    return new CompletableFuture<Boolean>()
        .completeOnTimeout(true, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Waits until {@code result} is there or has failed; false = the deadline came first. */
  boolean allows(CompletableFuture<?> result) throws InterruptedException {
    try {
      CompletableFuture.anyOf(passed, result).get();
    } catch (ExecutionException _) {
      // The result has failed, which whoever takes it finds out.
    }
    return result.isDone();
  }

  /** Waits for that long; false = the deadline came first. */
  boolean allowsPause(Duration time) throws InterruptedException {
    CompletableFuture<Boolean> pause = after(time);
    try {
      return allows(pause);
    } finally {
      pause.cancel(false);
    }
  }

  @Override
  public void close() {
    passed.cancel(false);
  }
}
