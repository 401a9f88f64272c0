package dev.troupe.deploy.episode;

import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Shape.Align;
import dev.troupe.rollout.picture.Sketch;
import dev.troupe.rollout.picture.Tint;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What an environment shows that has no picture: its observations of late, as curves. */
final class Curves {
  private static final int SHOWN_MAX = 12;
  private static final int STEPS = 100;
  private static final double WIDTH = 480;
  private static final double ROW = 34;
  private static final double LEFT = 130;
  private static final double RIGHT = 400;

  private final List<String> names = new ArrayList<>();
  private final int hidden;
  private final float[][] values;
  private int count;

  Curves(Space observations) {
    int shown = Math.min(SHOWN_MAX, observations.size());
    hidden = observations.size() - shown;
    List<String> named = observations instanceof Space.Box box ? box.names() : List.of();
    for (int i = 0; i < shown; i++) {
      names.add(named.isEmpty() ? "observation " + i : named.get(i));
    }
    values = new float[shown][STEPS];
  }

  /** An episode begins. */
  void clear() {
    count = 0;
  }

  /** Another observation. */
  void add(FloatBuffer observation) {
    for (int i = 0; i < values.length; i++) {
      if (count >= STEPS) {
        System.arraycopy(values[i], 1, values[i], 0, STEPS - 1);
      }
      values[i][Math.min(count, STEPS - 1)] = observation.get(i);
    }
    count++;
  }

  Picture picture() {
    Sketch sketch = new Sketch(WIDTH, ROW * values.length + (hidden > 0 ? ROW : 0) + 10);
    for (int i = 0; i < values.length; i++) {
      double base = ROW * (i + 1);
      sketch.label(10, base - 8, 13, names.get(i), Align.LEFT, Tint.FAINT);
      sketch.line(LEFT, base, RIGHT, base, 1, Tint.GRID);
      if (count > 0) {
        float[] seen = Arrays.copyOf(values[i], Math.min(count, STEPS));
        sketch.line(curve(seen, base), 1.5, Tint.series(i), 1);
        String now = String.format(Locale.ROOT, "%.4g", seen[seen.length - 1]);
        sketch.label(WIDTH - 10, base - 8, 13, now, Align.RIGHT, Tint.INK);
      }
    }
    if (hidden > 0) {
      double base = ROW * (values.length + 1) - 8;
      sketch.label(10, base, 13, "and " + hidden + " numbers more", Align.LEFT, Tint.FAINT);
    }
    return sketch.picture();
  }

  /** Stretched between the least and the greatest value; in the middle where all are equal. */
  private static List<Point> curve(float[] seen, double base) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : seen) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < seen.length; i++) {
      double share = most > least ? ((double) seen[i] - least) / ((double) most - least) : 0.5;
      double x = LEFT + (RIGHT - LEFT) * i / (STEPS - 1);
      points.add(new Point(x, base - 3 - share * (ROW - 10)));
    }
    if (points.size() == 1) {
      points.add(points.getFirst());
    }
    return points;
  }
}
