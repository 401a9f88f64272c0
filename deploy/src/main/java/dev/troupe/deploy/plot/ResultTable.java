package dev.troupe.deploy.plot;

import dev.troupe.deploy.statistics.InterquartileMean;
import dev.troupe.deploy.statistics.StratifiedBootstrap;
import dev.troupe.deploy.statistics.StratifiedBootstrap.Interval;
import dev.troupe.deploy.terminal.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What groups of runs came to, for pages that report results: the value at each run's end and,
 * where there is a goal, how long it took to reach that.
 */
record ResultTable(String metric, Axis axis, int smooth, OptionalDouble goal) {
  private static final StratifiedBootstrap INTERVALS = new StratifiedBootstrap(50_000, 0.95, 0);

  List<String> lines(List<SeedGroup> groups) {
    Table table = new Table();
    List<String> head =
        new ArrayList<>(
            List.of(
                "",
                "runs",
                "IQM at the end",
                "95% interval",
                "mean ± std",
                "least",
                "greatest",
                "ends after"));
    goal.ifPresent(value -> head.addAll(List.of("reach " + Ticks.text(value), "after", "95%")));
    table.row(head.toArray(String[]::new));
    for (SeedGroup group : groups) {
      table.row(row(group).toArray(String[]::new));
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        metric
            + (smooth > 1 ? ", mean of the last " + smooth + " values" : "")
            + ", over "
            + axis.title());
    lines.addAll(table.lines());
    return lines;
  }

  private List<String> row(SeedGroup group) {
    List<Curve> curves = group.curves(metric, axis, smooth);
    double[] last = curves.stream().mapToDouble(Curve::lastY).toArray();
    double[] ends = curves.stream().mapToDouble(Curve::lastX).toArray();
    List<String> row = new ArrayList<>();
    row.add(group.label());
    row.add(Integer.toString(last.length));
    row.add(Ticks.text(InterquartileMean.of(last)));
    row.add(interval(last));
    row.add(meanAndDeviation(last));
    row.add(Ticks.text(Arrays.stream(last).min().orElseThrow()));
    row.add(Ticks.text(Arrays.stream(last).max().orElseThrow()));
    row.add(Ticks.text(InterquartileMean.of(ends)));
    goal.ifPresent(value -> row.addAll(reached(curves, value)));
    return row;
  }

  private static List<String> reached(List<Curve> curves, double goal) {
    double[] after =
        curves.stream()
            .flatMap(curve -> curve.reaches(goal).stream())
            .mapToDouble(Double::doubleValue)
            .toArray();
    String count = after.length + " of " + curves.size();
    return after.length == 0
        ? List.of(count, "-", "-")
        : List.of(count, Ticks.text(InterquartileMean.of(after)), interval(after));
  }

  private static String interval(double... scores) {
    if (scores.length < 2) {
      return "-";
    }
    Interval interval = INTERVALS.ofInterquartileMean(scores);
    return "[" + Ticks.text(interval.low()) + ", " + Ticks.text(interval.high()) + "]";
  }

  /** The sample's standard deviation, with n - 1. */
  private static String meanAndDeviation(double... scores) {
    double mean = Arrays.stream(scores).average().orElseThrow();
    if (scores.length < 2) {
      return Ticks.text(mean);
    }
    double squares = Arrays.stream(scores).map(score -> (score - mean) * (score - mean)).sum();
    return Ticks.text(mean) + " ± " + Ticks.text(Math.sqrt(squares / (scores.length - 1)));
  }
}
