package dev.troupe.deploy.plot;

import dev.troupe.deploy.statistics.InterquartileMean;
import dev.troupe.deploy.statistics.StratifiedBootstrap;
import dev.troupe.deploy.statistics.StratifiedBootstrap.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * A line of a chart.
 *
 * @param middle what is drawn boldly: the run, or the interquartile mean of several where all of
 *     them have values; empty where they nowhere do
 * @param band around it, of several runs
 * @param faint what is drawn thinly behind it: each of several runs to its end, or what was
 *     smoothed away
 */
record Line(String label, Optional<Curve> middle, Optional<Band> band, List<Curve> faint) {
  /** Lower and upper edges, at the same places. */
  record Band(Curve low, Curve high, BandKind kind) {}

  private static final int PLACES_MAX = 300;

  Line {
    faint = List.copyOf(faint);
  }

  /** One run's. */
  static Line ofOne(String label, Curve curve, int smooth) {
    return new Line(
        label,
        Optional.of(curve.smoothed(smooth)),
        Optional.empty(),
        smooth > 1 ? List.of(curve) : List.of());
  }

  /** Of several runs. */
  static Line ofSeveral(String label, List<Curve> runs, BandKind kind) {
    double from = runs.stream().mapToDouble(run -> run.x(0)).max().orElseThrow();
    double to = runs.stream().mapToDouble(Curve::lastX).min().orElseThrow();
    if (from > to) {
      return new Line(label, Optional.empty(), Optional.empty(), runs);
    }
    double[] places = places(runs, from, to);
    double[] middle = new double[places.length];
    double[] low = new double[places.length];
    double[] high = new double[places.length];
    for (int i = 0; i < places.length; i++) {
      double place = places[i];
      double[] values = runs.stream().mapToDouble(run -> run.at(place)).toArray();
      middle[i] = InterquartileMean.of(values);
      Interval band =
          switch (kind) {
            case INTERVAL -> StratifiedBootstrap.STANDARD.ofInterquartileMean(values);
            case RANGE ->
                new Interval(
                    Arrays.stream(values).min().orElseThrow(),
                    Arrays.stream(values).max().orElseThrow());
          };
      low[i] = band.low();
      high[i] = band.high();
    }
    return new Line(
        label,
        Optional.of(new Curve(places, middle)),
        Optional.of(new Band(new Curve(places, low), new Curve(places, high), kind)),
        runs);
  }

  /** Where any run has a point, or evenly where that would be too many places. */
  private static double[] places(List<Curve> runs, double from, double to) {
    double[] all =
        runs.stream()
            .flatMapToDouble(run -> Arrays.stream(run.places()))
            .filter(place -> place >= from && place <= to)
            .sorted()
            .distinct()
            .toArray();
    if (all.length <= PLACES_MAX) {
      return all;
    }
    return DoubleStream.iterate(0, i -> i < PLACES_MAX, i -> i + 1)
        .map(i -> from + (to - from) * i / (PLACES_MAX - 1))
        .toArray();
  }
}
