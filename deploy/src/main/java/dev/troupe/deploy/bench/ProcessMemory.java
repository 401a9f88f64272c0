package dev.troupe.deploy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Memory of a process as Linux counts it, bytes; 0 where the system doesn't say. Pages that
 * processes share count in part, and once if a process has mapped them twice.
 *
 * @param anonymous what has no file behind it: heaps, native blocks, stacks
 * @param file pages of mapped files, which the system may drop when it needs them
 * @param peak the most that was resident since the process began or {@link #resetPeak}; pages that
 *     are mapped twice count twice
 */
public record ProcessMemory(long anonymous, long file, long peak) {
  private static final String SELF = "self";

  static ProcessMemory own() throws IOException {
    List<String> rollup = lines(Path.of("/proc", SELF, "smaps_rollup"));
    return new ProcessMemory(
        figure(rollup, "Pss_Anon:"),
        figure(rollup, "Pss_File:") + figure(rollup, "Pss_Shmem:"),
        figure(lines(Path.of("/proc", SELF, "status")), "VmHWM:"));
  }

  /** What of this process is in memory, as {@code VmRSS}. */
  public static long resident() throws IOException {
    return figure(lines(Path.of("/proc", SELF, "status")), "VmRSS:");
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** What {@code pid} takes of the machine: pages that processes share count in part. */
  static long proportional(long pid) throws IOException {
    return figure(lines(Path.of("/proc", Long.toString(pid), "smaps_rollup")), "Pss:");
  }

  /** What the machine can still give without swapping. */
  static long available() throws IOException {
    return machine("MemAvailable:");
  }

  /** What the machine has. */
  static long total() throws IOException {
    return machine("MemTotal:");
  }

  private static long machine(String name) throws IOException {
    Path machine = Path.of("/proc/meminfo");
    return Files.exists(machine) ? figure(Files.readAllLines(machine), name) : Long.MAX_VALUE;
  }

  /** Begins to look for this process's peak anew. */
  static void resetPeak() throws IOException {
    Path references = Path.of("/proc", SELF, "clear_refs");
    if (Files.isWritable(references)) {
      Files.writeString(references, "5");
    }
  }

  private static long figure(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  /** All of it. */
  long sum() {
    return anonymous + file;
  }

  /** The larger of each figure. */
  ProcessMemory or(ProcessMemory other) {
    return new ProcessMemory(
        Math.max(anonymous, other.anonymous),
        Math.max(file, other.file),
        Math.max(peak, other.peak));
  }
}
