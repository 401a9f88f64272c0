package dev.troupe.deploy.memory;

import dev.troupe.model.torch.FreedMemory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Gives back, now and then, what the C library's heap holds and nobody uses. Tensors of many sizes
 * come and go on many threads, each with an arena of its own; left alone, the holes in these add up
 * to megabytes a minute.
 */
public final class NativeHeap implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final ScheduledExecutorService timer;

  private NativeHeap(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** Begins; does nothing where the C library is not glibc. */
  public static NativeHeap keepTrimmed() {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("native-heap").factory());
    Future<?> _ =
        timer.scheduleWithFixedDelay(
            FreedMemory::giveBack, EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
    return new NativeHeap(timer);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
