package dev.troupe.deploy.processor;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Seconds of processor time by what they were spent for.
 *
 * @param seconds empty where the operating system doesn't say
 */
public record ProcessorTimes(Map<ThreadKind, Double> seconds) {
  public ProcessorTimes {
    seconds = Map.copyOf(seconds);
  }

  /** Nothing is known. */
  public static ProcessorTimes unknown() {
    return new ProcessorTimes(Map.of());
  }

  public boolean isKnown() {
    return !seconds.isEmpty();
  }

  /** Of all threads together. */
  public double total() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Of {@code kind} in the total. */
  public double share(ThreadKind kind) {
    double total = total();
    return total == 0 ? 0 : seconds.getOrDefault(kind, 0.0) / total;
  }

  /** What was spent between {@code earlier} and this. */
  public ProcessorTimes since(ProcessorTimes earlier) {
    Map<ThreadKind, Double> spent = new EnumMap<>(ThreadKind.class);
    seconds.forEach(
        (kind, now) -> spent.put(kind, Math.max(0, now - earlier.seconds.getOrDefault(kind, 0.0))));
    return new ProcessorTimes(spent);
  }

  /** Like {@code learning 70.1%, sampling 14.0%}, the largest share first. */
  public String shares() {
    return seconds.entrySet().stream()
        .sorted(Map.Entry.<ThreadKind, Double>comparingByValue().reversed())
        .map(
            one ->
                String.format(
                    Locale.ROOT, "%s %.1f%%", name(one.getKey()), 100 * share(one.getKey())))
        .collect(Collectors.joining(", "));
  }

  /** In lower case. */
  public static String name(ThreadKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
