package dev.troupe.deploy.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Figures in Prometheus' text format: every name once, with all its samples below it. */
public final class Exposition {
  /** Content type of {@link #text}. */
  public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Map<String, StringBuilder> families = new LinkedHashMap<>();

  /** A figure that goes up and down; {@code labels} are names and values in turn. */
  public void gauge(String name, String help, double number, String... labels) {
    add(name, "gauge", help, number, labels);
  }

  /** A count that goes up and down. */
  public void gauge(String name, String help, long number, String... labels) {
    add(name, "gauge", help, (double) number, labels);
  }

  /** A figure that may not be known. */
  public void gauge(String name, String help, OptionalDouble number, String... labels) {
    number.ifPresent(value -> add(name, "gauge", help, value, labels));
  }

  /** A figure that only grows while its process lives. */
  public void counter(String name, String help, double number, String... labels) {
    add(name, "counter", help, number, labels);
  }

  /** A count that only grows while its process lives. */
  public void counter(String name, String help, long number, String... labels) {
    add(name, "counter", help, (double) number, labels);
  }

  /**
   * How many of the things that were measured took how long.
   *
   * @param upTo bounds, ascending
   * @param counts of things up to each bound and above the one before; the last one of what is
   *     above all bounds
   * @param sum of all that was measured
   */
  public void histogram(
      String name, String help, double[] upTo, long[] counts, double sum, String... labels) {
    StringBuilder family = family(name, "histogram", help);
    String[] bucket = Arrays.copyOf(labels, labels.length + 2);
    bucket[labels.length] = "le";
    long all = 0;
    for (int i = 0; i < counts.length; i++) {
      all += counts[i];
      bucket[labels.length + 1] = i < upTo.length ? Double.toString(upTo[i]) : "+Inf";
      sample(family, name + "_bucket", (double) all, bucket);
    }
    sample(family, name + "_sum", sum, labels);
    sample(family, name + "_count", (double) all, labels);
  }

  private void add(String name, String type, String help, double number, String... labels) {
    sample(family(name, type, help), name, number, labels);
  }

  private StringBuilder family(String name, String type, String help) {
    return families.computeIfAbsent(
        name,
        _ ->
            new StringBuilder("# HELP ")
                .append(name)
                .append(' ')
                .append(help)
                .append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(type)
                .append('\n'));
  }

  private static void sample(StringBuilder family, String name, double number, String... labels) {
    family.append(name);
    for (int i = 0; i < labels.length; i += 2) {
      family
          .append(i == 0 ? '{' : ',')
          .append(labels[i])
          .append("=\"")
          .append(escaped(labels[i + 1]))
          .append('"');
    }
    family.append(labels.length == 0 ? " " : "} ").append(written(number)).append('\n');
  }

  private static String written(double number) {
    return Double.isInfinite(number) ? (number > 0 ? "+Inf" : "-Inf") : Double.toString(number);
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /** All of it. */
  public String text() {
    return String.join("", families.values());
  }
}
