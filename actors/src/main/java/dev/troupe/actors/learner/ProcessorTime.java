package dev.troupe.actors.learner;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Processor time of threads: what work takes of the cores, whoever else wants them. Time on other
 * devices isn't in it.
 */
public final class ProcessorTime implements LongSupplier {
  private final ToLongFunction<Thread> ofThread;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  /** Of this JVM's threads. */
  public static ProcessorTime here() {
    ThreadMXBean bean = ManagementFactory.getThreadMXBean();
    return new ProcessorTime(thread -> bean.getThreadCpuTime(thread.threadId()));
  }

  /**
   * @param ofThread nanoseconds that a thread has used; negative where nobody knows
   */
  ProcessorTime(ToLongFunction<Thread> ofThread) {
    this.ofThread = ofThread;
  }

  /** Threads of {@code factory}, which are counted as long as they live. */
  public ThreadFactory counting(ThreadFactory factory) {
    return task -> {
      Thread thread = factory.newThread(task);
      threads.removeIf(known -> known.getState() == Thread.State.TERMINATED);
      threads.add(thread);
      return thread;
    };
  }

  /** Nanoseconds that the living threads have used together. */
  @Override
  public long getAsLong() {
    return threads.stream().mapToLong(thread -> Math.max(0, ofThread.applyAsLong(thread))).sum();
  }
}
