package dev.troupe.deploy.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

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
    trim()
        .ifPresent(
            trim -> {
              Future<?> _ =
                  timer.scheduleWithFixedDelay(
                      () -> call(trim), EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
            });
    return new NativeHeap(timer);
  }

  /** {@code int malloc_trim(size_t pad)}. */
  @SuppressWarnings("restricted") // The launcher grants native access; LibTorch needs it as well.
  static Optional<MethodHandle> trim() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("malloc_trim")
        .map(
            address ->
                linker.downcallHandle(
                    address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));
  }

  static void call(MethodHandle trim) {
    try {
      int released = (int) trim.invokeExact(0L);
      LoggerFactory.getLogger(NativeHeap.class).debug("trimmed the native heap: [{}]", released);
    } catch (Throwable e) {
      throw new IllegalStateException("calling malloc_trim", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
