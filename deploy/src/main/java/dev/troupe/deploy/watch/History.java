package dev.troupe.deploy.watch;

import java.util.ArrayList;
import java.util.List;

/** The curve of a run: when it grows too long, every second point is left out. */
final class History {
  private static final int POINTS_MAX = 2_000;

  private final List<RunView.Point> points = new ArrayList<>();
  private int keepEvery = 1;
  private long seen;

  void add(RunView.Point point) {
    if (seen++ % keepEvery == 0) {
      append(point);
    }
  }

  /** Evaluations are few: each has a point of its own. */
  void addAccuracy(long step, double accuracy) {
    double none = Double.NaN;
    append(new RunView.Point(step, none, accuracy, none, none, none, none, none, none));
  }

  private void append(RunView.Point point) {
    points.add(point);
    if (points.size() > POINTS_MAX) {
      keepEvery *= 2;
      List<RunView.Point> kept = new ArrayList<>();
      for (int i = 0; i < points.size(); i++) {
        if (i % 2 == 0 || !Double.isNaN(points.get(i).accuracy())) {
          kept.add(points.get(i));
        }
      }
      points.clear();
      points.addAll(kept);
    }
  }

  List<RunView.Point> points() {
    return List.copyOf(points);
  }
}
