package dev.troupe.deploy.terminal;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
  private Figures() {}

  /** For example {@code 1.2 GB}. */
  public static String bytes(long bytes) {
    return bytes < 1000 ? bytes + " B" : scaled((double) bytes) + "B";
  }

  /** For example {@code 12.3 k}; four digits and fewer stay as they are. */
  public static String count(double number) {
    return Math.abs(number) < 10_000 ? whole(number) : scaled(number);
  }

  /** For example {@code 644 k}. */
  public static String count(long number) {
    return count((double) number);
  }

  private static String whole(double number) {
    return String.format(Locale.ROOT, "%.0f", number);
  }

  private static String scaled(double number) {
    String[] units = {" ", " k", " M", " G", " T"};
    double value = number;
    int unit = 0;
    while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, value < 9.95 ? "%.1f%s" : "%.0f%s", value, units[unit]);
  }

  /** For example {@code 61.3%}. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  /** For example {@code 42 s}, {@code 3 min 05 s} or {@code 2 h 10 min}. */
  public static String duration(Duration duration) {
    long seconds = Math.round(duration.toMillis() / 1000.0);
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
  }
}
