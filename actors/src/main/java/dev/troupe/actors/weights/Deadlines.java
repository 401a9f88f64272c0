package dev.troupe.actors.weights;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Closes connections whose peer is too slow. A blocking read or write on a channel has no time
 * limit of its own; closing the channel from here ends it.
 */
final class Deadlines implements AutoCloseable {
  private static final long LOOK_EVERY_NANOS = 20_000_000;

  private final LongSupplier nanos;
  private final Set<WeightLink> links = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean closed;

  Deadlines(LongSupplier nanos, ThreadFactory threads) {
    this.nanos = nanos;
    this.thread = threads.newThread(this::watch);
    thread.start();
  }

  long now() {
    return nanos.getAsLong();
  }

  void watch(WeightLink link) {
    links.add(link);
    if (closed) {
      link.close();
    }
  }

  void forget(WeightLink link) {
    links.remove(link);
  }

  private void watch() {
    while (!closed) {
      long now = nanos.getAsLong();
      links.forEach(link -> link.closeIfDue(now));
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /** Closes every connection. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    links.forEach(WeightLink::close);
  }
}
