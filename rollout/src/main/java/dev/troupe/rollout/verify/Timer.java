package dev.troupe.rollout.verify;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs something later. */
public interface Timer {
  /**
   * Runs {@code action} once {@code delay} has passed. The action is short.
   *
   * @return takes the action back, if it has not begun
   */
  Runnable after(Duration delay, Runnable action);

  /** A timer on {@code executor}'s clock. */
  static Timer on(ScheduledExecutorService executor) {
    return (delay, action) -> {
      Future<?> future = executor.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    };
  }
}
