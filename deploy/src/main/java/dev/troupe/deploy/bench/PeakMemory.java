package dev.troupe.deploy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The most memory that this process takes in a while: looked at every few milliseconds. */
final class PeakMemory {
  private static final long LOOK_EVERY_NANOS = 10_000_000;

  private final Thread looking;
  private volatile boolean over;
  private volatile ProcessMemory largest = new ProcessMemory(0, 0, 0);

  private PeakMemory() {
    looking = Thread.ofPlatform().daemon().start(this::look);
  }

  /** Begins to look. */
  static PeakMemory begin() throws IOException {
    ProcessMemory.resetPeak();
    return new PeakMemory();
  }

  private void look() {
    try {
      while (!over) {
        largest = largest.or(ProcessMemory.own());
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops looking; the most of each figure. */
  String end() throws IOException, InterruptedException {
    over = true;
    looking.join();
    return text(largest.or(ProcessMemory.own()));
  }

  /** What this process takes now. */
  static String now() throws IOException {
    return text(ProcessMemory.own());
  }

  private static String text(ProcessMemory memory) {
    return memory.anonymous() + " " + memory.file() + " " + memory.peak();
  }

  /** Reads the {@code number}th of several texts in one. */
  static ProcessMemory read(List<String> words, int number) {
    int at = 3 * number;
    return new ProcessMemory(
        Long.parseLong(words.get(at)),
        Long.parseLong(words.get(at + 1)),
        Long.parseLong(words.get(at + 2)));
  }
}
