package dev.troupe.deploy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether updates become slower and a process becomes larger the longer it learns.
 *
 * @param steps of the update loop, in order
 * @param memory resident, native heaps included, read now and then
 */
public record StepsReport(List<Step> steps, List<Reading> memory) {
  private static final int BLOCK = 500;
  private static final double SETTLED_SECONDS = 300;
  private static final double SETTLED_SHARE = 1 / 6.0;
  private static final double SLOPE_MAX_PERCENT = 1;
  private static final double GROWTH_MAX = 1e6;
  private static final double MINUTE = 60;

  public StepsReport {
    steps = List.copyOf(steps);
    memory = List.copyOf(memory);
  }

  /**
   * An update.
   *
   * @param seconds from the one before to it
   * @param processorSeconds of the learner's threads; NaN where the system doesn't say
   */
  public record Step(long number, double seconds, double processorSeconds) {}

  /** Resident memory {@code second} seconds after the beginning. */
  public record Reading(double second, long bytes) {}

  /** Median step time of each 500 updates, in order; what is left over counts if it is half. */
  public List<String> blocks() {
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < steps.size(); from += BLOCK) {
      List<Step> block = steps.subList(from, Math.min(steps.size(), from + BLOCK));
      if (from == 0 || block.size() >= BLOCK / 2) {
        lines.add(
            String.format(
                Locale.ROOT,
                "updates %5d to %5d: %6.1f ms each, %6.1f ms of processor time",
                block.getFirst().number(),
                block.getLast().number(),
                1e3 * median(block.stream().map(Step::seconds).toList()),
                1e3 * median(block.stream().map(Step::processorSeconds).toList())));
      }
    }
    return lines;
  }

  /** By how much the line through the step times rises in 1,000 updates, percent of its height. */
  public double wallSlope() {
    return slope(
        steps.stream().map(step -> new Line.Point(step.number(), step.seconds())).toList());
  }

  /** The same of the processor time, which other work on the machine changes less. */
  public double processorSlope() {
    return slope(
        steps.stream()
            .map(step -> new Line.Point(step.number(), step.processorSeconds()))
            .toList());
  }

  /** Steps that are among the longest hundredth wait for others or for a collection of memory. */
  private static double slope(List<Line.Point> points) {
    if (points.isEmpty()) {
      return 0;
    }
    double longest =
        points.stream()
            .mapToDouble(Line.Point::y)
            .sorted()
            .skip(points.size() - 1 - points.size() / 100)
            .findFirst()
            .orElseThrow();
    Line line = Line.through(points.stream().filter(point -> point.y() <= longest).toList());
    return 100 * 1_000 * line.slope() / line.at();
  }

  /** From when on memory is looked at: after five minutes, or after a sixth of a shorter run. */
  public double settledSecond() {
    double end = memory.isEmpty() ? 0 : memory.getLast().second();
    return Math.min(SETTLED_SECONDS, end * SETTLED_SHARE);
  }

  /** Bytes a minute by which the line through the readings since then rises. */
  public double growth() {
    return MINUTE
        * Line.through(
                memory.stream()
                    .filter(reading -> reading.second() >= settledSecond())
                    .map(reading -> new Line.Point(reading.second(), reading.bytes()))
                    .toList())
            .slope();
  }

  /** Whether steps stay as long as they are, by the clock that other work changes less. */
  public boolean isFlat() {
    double slope = Double.isNaN(processorSlope()) ? wallSlope() : processorSlope();
    return slope <= SLOPE_MAX_PERCENT;
  }

  public boolean isBounded() {
    return growth() < GROWTH_MAX;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
