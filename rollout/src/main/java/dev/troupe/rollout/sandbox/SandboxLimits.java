package dev.troupe.rollout.sandbox;

import dev.troupe.protocol.check.Check;
import java.time.Duration;

/**
 * What a program in the sandbox may use.
 *
 * @param wall for everything that is run in one jail, from when the program begins
 * @param cpu processor time of each process, in whole seconds (rounded up)
 * @param memoryBytes address space of each process, and resident memory of all of them together
 * @param processes processes and threads at a time, the first included
 * @param openFiles of each process
 * @param fileBytes size of a file
 * @param files files and folders in the scratch folder
 * @param scratchBytes size of the scratch folder, which lies in memory
 * @param outputBytes of the standard output, and as many of the standard error
 */
public record SandboxLimits(
    Duration wall,
    Duration cpu,
    long memoryBytes,
    int processes,
    int openFiles,
    long fileBytes,
    int files,
    long scratchBytes,
    int outputBytes) {
  private static final long MEMORY_LEAST = 64L << 20;
  private static final int OPEN_FILES_LEAST = 16;

  /** For a short function or exercise. */
  public static final SandboxLimits STANDARD =
      new SandboxLimits(
          Duration.ofSeconds(8),
          Duration.ofSeconds(4),
          512L << 20,
          16,
          64,
          16L << 20,
          1_000,
          32L << 20,
          1 << 20);

  public SandboxLimits {
    Check.positive("wall", wall);
    Check.positive("cpu", cpu);
    Check.atLeast("memoryBytes", MEMORY_LEAST, memoryBytes);
    Check.atLeast("processes", 1, processes);
    Check.atLeast("openFiles", OPEN_FILES_LEAST, openFiles);
    Check.atLeast("fileBytes", 0, fileBytes);
    Check.atLeast("files", 1, files);
    Check.atLeast("scratchBytes", 1 << 16, scratchBytes);
    Check.atLeast("outputBytes", 1, outputBytes);
  }

  /** The same with other times. */
  public SandboxLimits within(Duration newWall, Duration newCpu) {
    return new SandboxLimits(
        newWall,
        newCpu,
        memoryBytes,
        processes,
        openFiles,
        fileBytes,
        files,
        scratchBytes,
        outputBytes);
  }

  long cpuSeconds() {
    return cpu.plusNanos(999_999_999).toSeconds();
  }
}
