package dev.troupe.deploy.processor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the processor times of a process's threads from {@code /proc}: a few dozen short files, so
 * every few seconds costs nothing. What threads took that ended since is known from the process's
 * total and counts as {@link ThreadKind#OTHER} beyond what was last seen of them.
 */
public final class ProcessorClock {
  /** Of the times in these files, whatever the machine. */
  private static final double TICKS_PER_SECOND = 100;

  // Fields after the name, from 0.
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  private record Times(String name, long ticks) {}

  private final Path process;
  private final Map<String, Times> threads = new HashMap<>();

  /**
   * @param process a folder like {@code /proc/self}
   */
  ProcessorClock(Path process) {
    this.process = process;
  }

  /** Of this process; on systems without {@code /proc} it knows nothing. */
  public static ProcessorClock ofThisProcess() {
    return new ProcessorClock(Path.of("/proc/self"));
  }

  /** Since the process began. */
  public synchronized ProcessorTimes read() {
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
      for (Path task : tasks) {
        readThread(task);
      }
      return times(times(process.resolve("stat")).ticks());
    } catch (IOException | RuntimeException _) {
      return ProcessorTimes.unknown();
    }
  }

  private void readThread(Path task) {
    try {
      threads.put(String.valueOf(task.getFileName()), times(task.resolve("stat")));
    } catch (IOException _) {
      // It has just ended: what was last seen of it stays.
      return;
    }
  }

  private ProcessorTimes times(long total) {
    Map<ThreadKind, Double> seconds = new EnumMap<>(ThreadKind.class);
    long known = 0;
    for (Times thread : threads.values()) {
      seconds.merge(ThreadKind.of(thread.name()), thread.ticks() / TICKS_PER_SECOND, Double::sum);
      known += thread.ticks();
    }
    seconds.merge(ThreadKind.OTHER, Math.max(0, total - known) / TICKS_PER_SECOND, Double::sum);
    return new ProcessorTimes(seconds);
  }

  /** {@code 4711 (a name) S 1 ...}; the name may hold spaces and brackets. */
  private static Times times(Path stat) throws IOException {
    String line = Files.readString(stat);
    int end = line.lastIndexOf(')');
    String[] fields = line.substring(end + 2).split(" ");
    return new Times(
        line.substring(line.indexOf('(') + 1, end),
        Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]));
  }
}
