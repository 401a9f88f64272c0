package dev.troupe.deploy.plot;

import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Shape.Align;
import dev.troupe.rollout.picture.Sketch;
import dev.troupe.rollout.picture.Tint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Lays panels out below each other, with a title and a legend. */
final class Chart {
  private static final double WIDTH = 760;
  private static final double LEFT = 72;
  private static final double RIGHT = 28;
  private static final double TITLE = 34;
  private static final double LEGEND_ROW = 20;
  private static final double PANEL_HEAD = 30;
  private static final double PANEL = 260;
  private static final double PANEL_FOOT = 52;
  private static final double TEXT = 13;
  private static final double LETTER = 0.58;
  private static final double MARGIN_OF_VALUES = 0.05;
  private static final int BUCKETS = 400;

  private final List<Panel> panels;
  private final List<Line> named;
  private final List<List<Line>> legend;
  private final Sketch sketch;

  private Chart(List<Panel> panels) {
    this.panels = panels;
    this.named = panels.getFirst().lines();
    this.legend = rows(named);
    double head = TITLE + legend.size() * LEGEND_ROW;
    this.sketch = new Sketch(WIDTH, head + panels.size() * (PANEL_HEAD + PANEL + PANEL_FOOT));
  }

  /**
   * Draws panels that have the same lines in the same order.
   *
   * @param panels at least one
   */
  static Picture of(String title, List<Panel> panels) {
    return new Chart(panels).draw(title);
  }

  private Picture draw(String title) {
    sketch.label(LEFT, 24, 17, title, Align.LEFT, Tint.INK);
    double top = TITLE;
    for (List<Line> row : legend) {
      legendRow(row, top + LEGEND_ROW / 2);
      top += LEGEND_ROW;
    }
    for (Panel panel : panels) {
      panel(panel, top + PANEL_HEAD);
      top += PANEL_HEAD + PANEL + PANEL_FOOT;
    }
    return sketch.picture();
  }

  private void legendRow(List<Line> row, double middle) {
    double x = LEFT;
    for (Line line : row) {
      Tint tint = Tint.series(named.indexOf(line));
      sketch.line(x, middle, x + 22, middle, 3, tint);
      sketch.label(x + 28, middle + 4.5, TEXT, line.label(), Align.LEFT, Tint.INK);
      x += entryWidth(line);
    }
  }

  private static double entryWidth(Line line) {
    return 28 + line.label().length() * LETTER * TEXT + 24;
  }

  private static List<List<Line>> rows(List<Line> lines) {
    List<List<Line>> rows = new ArrayList<>();
    double room = 0;
    for (Line line : lines) {
      if (rows.isEmpty() || entryWidth(line) > room) {
        rows.add(new ArrayList<>());
        room = WIDTH - LEFT;
      }
      rows.getLast().add(line);
      room -= entryWidth(line);
    }
    return rows;
  }

  private void panel(Panel panel, double top) {
    Scale x = xScale(panel);
    Scale y = yScale(panel, top);
    sketch.label(LEFT, top - 10, TEXT, heading(panel), Align.LEFT, Tint.INK);
    for (double tick : y.ticks()) {
      sketch.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), 1, Tint.GRID);
      sketch.label(LEFT - 8, y.at(tick) + 4.5, TEXT, Ticks.text(tick), Align.RIGHT, Tint.FAINT);
    }
    double bottom = top + PANEL;
    sketch.line(LEFT, bottom, WIDTH - RIGHT, bottom, 1, Tint.FAINT);
    for (double tick : x.ticks()) {
      sketch.line(x.at(tick), bottom, x.at(tick), bottom + 5, 1, Tint.FAINT);
      sketch.label(x.at(tick), bottom + 20, TEXT, Ticks.text(tick), Align.CENTRE, Tint.FAINT);
    }
    double middle = (LEFT + WIDTH - RIGHT) / 2;
    sketch.label(middle, bottom + 40, TEXT, panel.axis().title(), Align.CENTRE, Tint.FAINT);
    panel
        .goal()
        .ifPresent(goal -> sketch.line(LEFT, y.at(goal), WIDTH - RIGHT, y.at(goal), 1, Tint.INK));
    lines(panel, x, y);
  }

  /** What the bands and thin lines are has to be said where they are. */
  private static String heading(Panel panel) {
    var heading = new StringBuilder(panel.metric());
    if (panel.smooth() > 1) {
      heading.append(", mean of the last ").append(panel.smooth()).append(" values");
    }
    panel.lines().stream()
        .flatMap(line -> line.band().stream())
        .map(band -> band.kind().words())
        .distinct()
        .reduce((a, b) -> a + " or " + b)
        .ifPresent(words -> heading.append(": interquartile mean, ").append(words));
    return heading.toString();
  }

  private void lines(Panel panel, Scale x, Scale y) {
    for (int i = 0; i < panel.lines().size(); i++) {
      Tint tint = Tint.series(i);
      panel.lines().get(i).band().ifPresent(band -> sketch.area(outline(band, x, y), tint, 0.18));
      for (Curve thin : panel.lines().get(i).faint()) {
        sketch.line(points(thin, x, y), 1, tint, 0.35);
      }
    }
    for (int i = 0; i < panel.lines().size(); i++) {
      Tint tint = Tint.series(i);
      panel
          .lines()
          .get(i)
          .middle()
          .ifPresent(middle -> sketch.line(points(middle, x, y), 2, tint, 1));
    }
  }

  private static List<Point> outline(Line.Band band, Scale x, Scale y) {
    List<Point> outline = new ArrayList<>(points(band.low(), x, y));
    List<Point> back = new ArrayList<>(points(band.high(), x, y));
    Collections.reverse(back);
    outline.addAll(back);
    return outline;
  }

  private static List<Point> points(Curve curve, Scale x, Scale y) {
    Curve drawn = curve.thinned(BUCKETS);
    List<Point> points = new ArrayList<>(drawn.size());
    for (int i = 0; i < drawn.size(); i++) {
      points.add(new Point(x.at(drawn.x(i)), y.at(drawn.y(i))));
    }
    return points;
  }

  private static Stream<Curve> curves(Panel panel) {
    return panel.lines().stream()
        .flatMap(
            line ->
                Stream.of(
                        line.middle().stream(),
                        line.faint().stream(),
                        line.band().stream().flatMap(band -> Stream.of(band.low(), band.high())))
                    .flatMap(all -> all));
  }

  private static Scale xScale(Panel panel) {
    double least = curves(panel).mapToDouble(curve -> curve.x(0)).min().orElseThrow();
    double most = curves(panel).mapToDouble(Curve::lastX).max().orElseThrow();
    // Updates of reinforcement learning may begin far from 0, after supervised steps.
    boolean far = panel.axis() == Axis.UPDATES && least > most / 4;
    double from = far ? least : Math.min(0, least);
    return Scale.of(from, most, LEFT, WIDTH - RIGHT, 8);
  }

  private static Scale yScale(Panel panel, double top) {
    double[] ends =
        DoubleStream.concat(
                curves(panel).flatMapToDouble(curve -> DoubleStream.of(curve.values())),
                panel.goal().stream())
            .toArray();
    double least = DoubleStream.of(ends).min().orElseThrow();
    double most = DoubleStream.of(ends).max().orElseThrow();
    double margin = (most - least) * MARGIN_OF_VALUES;
    return Scale.of(least - margin, most + margin, top + PANEL, top, 6);
  }

  /** From values to places on the paper. */
  private record Scale(double from, double to, double begin, double end, int wanted) {
    static Scale of(double from, double to, double begin, double end, int wanted) {
      double room = to > from ? 0 : Math.max(Math.abs(from) * 0.1, 1e-9);
      return new Scale(from - room, to + room, begin, end, wanted);
    }

    double at(double value) {
      return begin + (value - from) / (to - from) * (end - begin);
    }

    List<Double> ticks() {
      return Ticks.between(from, to, wanted).places();
    }
  }
}
