package dev.troupe.actors.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Remembers the threads that engines run on, so that a run is over only when they are. */
final class EngineThreads {
  private final List<Thread> threads = new ArrayList<>();

  /** Threads of {@code factory}, remembered. */
  ThreadFactory remembering(ThreadFactory factory) {
    return task -> {
      Thread thread = factory.newThread(task);
      synchronized (threads) {
        threads.removeIf(known -> known.getState() == Thread.State.TERMINATED);
        threads.add(thread);
      }
      return thread;
    };
  }

  /** Waits until they have ended, at most {@code limit}; false if some have not. */
  boolean await(Duration limit) throws InterruptedException {
    List<Thread> waiting;
    synchronized (threads) {
      waiting = List.copyOf(threads);
    }
    boolean all = true;
    for (Thread thread : waiting) {
      all &= thread.getState() == Thread.State.NEW || thread.join(limit);
    }
    return all;
  }
}
