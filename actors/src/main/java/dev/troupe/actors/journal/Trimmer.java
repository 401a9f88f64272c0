package dev.troupe.actors.journal;

import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Deletes segments beside the journal's thread, one deletion after the other. */
final class Trimmer implements AutoCloseable {
  private final Retention retention;
  private final ThreadFactory threads;
  private final Consumer<IOException> failed;
  private @Nullable Thread last;

  Trimmer(Retention retention, ThreadFactory threads, Consumer<IOException> failed) {
    this.retention = retention;
    this.threads = threads;
    this.failed = failed;
  }

  /** Deletes what lies before {@code first}, later. */
  synchronized void trim(SegmentName first) {
    Thread before = last;
    Thread next =
        threads.newThread(
            () -> {
              await(before);
              try {
                retention.deleteBefore(first);
              } catch (IOException e) {
                failed.accept(e);
              }
            });
    next.setName("journal-trim");
    last = next;
    next.start();
  }

  private static void await(@Nullable Thread thread) {
    try {
      if (thread != null) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns when what was to be deleted is. */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      running = last;
    }
    await(running);
  }
}
