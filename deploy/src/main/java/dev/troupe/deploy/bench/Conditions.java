package dev.troupe.deploy.bench;

import dev.troupe.deploy.terminal.Figures;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.Locale;

/** What else goes on on this machine: figures that were taken beside other work say so by this. */
public final class Conditions {
  /** Processes that want a core, on average; below it a machine counts as idle. */
  private static final double IDLE_BELOW = 0.5;

  private Conditions() {}

  /** Now, in words, such as {@code load 0.1 on 2 cores (idle), 21 GB of 24 GB available}. */
  public static String now() throws IOException {
    OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
    return words(
        machine.getSystemLoadAverage(),
        machine.getAvailableProcessors(),
        ProcessMemory.available(),
        ProcessMemory.total());
  }

  static String words(double load, int cores, long available, long total) {
    return String.format(
        Locale.ROOT,
        "load %.1f on %d cores (%s), %s of %s available",
        load,
        cores,
        load < IDLE_BELOW ? "idle" : load < cores ? "beside some other work" : "beside other work",
        Figures.bytes(available),
        Figures.bytes(total));
  }

  /** Processes that wanted a core in the last minute, on average; negative where nobody knows. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
