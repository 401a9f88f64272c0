package dev.troupe.actors.monitor;

import dev.troupe.actors.EngineThread;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunListener;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run's listener is to hear, in order, on a thread of its own: a listener that stands still,
 * for instance because its disk does, holds up nobody. Where it falls too far behind, the oldest
 * events are dropped, and counted.
 */
final class ListenerQueue implements AutoCloseable {
  /** Those with trajectories in them have some kilobytes each. */
  static final int EVENTS_MAX = 8_192;

  private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);

  /** To be done once the first {@code after} events are heard or dropped. */
  private record Call(long after, Runnable call) {}

  private final RunListener listener;
  private final EngineThread thread;
  private final ArrayDeque<RunEvent> events = new ArrayDeque<>();
  private final ArrayDeque<Call> calls = new ArrayDeque<>();
  private long gone;
  private long dropped;
  private boolean working;

  ListenerQueue(RunListener listener, ThreadFactory threads, LongSupplier nanos) {
    this.listener = listener;
    this.thread = new EngineThread(named(threads), nanos);
  }

  private static ThreadFactory named(ThreadFactory threads) {
    return work -> {
      Thread thread = threads.newThread(work);
      thread.setName("listener");
      return thread;
    };
  }

  /** The listener shall hear this. */
  synchronized void add(RunEvent event) {
    if (events.size() >= EVENTS_MAX) {
      events.removeFirst();
      gone++;
      dropped++;
    }
    events.addLast(event);
    work();
  }

  /** Does {@code call}, on the listener's thread, once it has heard all that was added before. */
  synchronized void then(Runnable call) {
    calls.addLast(new Call(gone + events.size(), call));
    work();
  }

  /** Events that it has not heard yet. */
  synchronized int waiting() {
    return events.size();
  }

  /** Events that it never heard. */
  synchronized long dropped() {
    return dropped;
  }

  private void work() {
    if (!working) {
      working = true;
      thread.submit(
          () -> {
            for (Optional<Runnable> next = next(); next.isPresent(); next = next()) {
              next.get().run();
            }
            return true;
          });
    }
  }

  private synchronized Optional<Runnable> next() {
    Call call = calls.peekFirst();
    if (call != null && call.after() <= gone) {
      calls.removeFirst();
      return Optional.of(call.call());
    }
    RunEvent event = events.pollFirst();
    if (event == null) {
      working = false;
      return Optional.empty();
    }
    gone++;
    return Optional.of(() -> tell(event));
  }

  private void tell(RunEvent event) {
    try {
      // A run that begins anew after a failure has another queue for the same listener.
      synchronized (listener) {
        listener.on(event);
      }
    } catch (RuntimeException e) {
      LOG.warn("the run's listener failed on [{}]", event.getClass(), e);
    }
  }

  /** The listener still hears what waits. */
  @Override
  public void close() {
    thread.close();
  }
}
