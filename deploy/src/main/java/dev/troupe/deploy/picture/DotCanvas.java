package dev.troupe.deploy.picture;

import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Shape;
import dev.troupe.rollout.picture.Tint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pictures in a terminal: each character holds two by four dots (Unicode's Braille patterns). Areas
 * have every second dot, so that discs and lines over them are seen without colours, too.
 */
public final class DotCanvas {
  private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  private static final char EMPTY = '\u2800';
  private static final char FULL = '\u28ff';

  private final int columns;
  private final int rows;
  private final double scale;
  private final char[] cells;
  private final Tint[] tints;

  private DotCanvas(Picture picture, int columns) {
    this.columns = columns;
    this.scale = 2.0 * columns / picture.width();
    this.rows = Math.max(1, (int) Math.ceil(picture.height() * scale / 4));
    this.cells = new char[columns * rows];
    this.tints = new Tint[columns * rows];
    Arrays.fill(cells, EMPTY);
    Arrays.fill(tints, Tint.PAPER);
  }

  /** Lines of {@code columns} characters; the number of lines follows from the picture's shape. */
  public static List<String> lines(Picture picture, int columns, boolean colours) {
    var canvas = new DotCanvas(picture, columns);
    picture.shapes().forEach(canvas::draw);
    return canvas.text(colours);
  }

  /** How many columns a picture may have that has room within so many columns and lines. */
  public static int columns(Picture picture, int columnsMax, int linesMax) {
    double wide = 2.0 * linesMax * picture.width() / picture.height();
    return Math.max(4, Math.min(columnsMax, (int) wide));
  }

  private void draw(Shape shape) {
    switch (shape) {
      case Shape.Line(var points, var width, var tint, _) -> {
        for (int i = 1; i < points.size(); i++) {
          segment(points.get(i - 1), points.get(i), width, tint);
        }
      }
      case Shape.Area(var corners, var tint, _) -> fill(corners, tint);
      case Shape.Disc(var centre, var radius, var tint) -> disc(centre, radius, tint);
      case Shape.Label label -> write(label);
    }
  }

  private void segment(Point from, Point to, double width, Tint tint) {
    double length = Math.hypot(to.x() - from.x(), to.y() - from.y()) * scale;
    int steps = Math.max(1, (int) Math.ceil(length));
    // Faint lines are dotted.
    int every = tint == Tint.GRID ? 3 : 1;
    for (int i = 0; i <= steps; i += every) {
      double share = (double) i / steps;
      double x = from.x() + share * (to.x() - from.x());
      double y = from.y() + share * (to.y() - from.y());
      if (width * scale >= 2) {
        disc(new Point(x, y), width / 2, tint);
      } else {
        dot((int) (x * scale), (int) (y * scale), tint);
      }
    }
  }

  private void disc(Point centre, double radius, Tint tint) {
    double r = Math.max(radius * scale, 0.75);
    double x = centre.x() * scale;
    double y = centre.y() * scale;
    for (int down = (int) (y - r); down <= y + r; down++) {
      for (int right = (int) (x - r); right <= x + r; right++) {
        if (Math.hypot(right + 0.5 - x, down + 0.5 - y) <= r) {
          if (tint == Tint.PAPER) {
            clear(right, down);
          } else {
            dot(right, down, tint);
          }
        }
      }
    }
  }

  /** By counting the edges to the left of each dot. */
  private void fill(List<Point> corners, Tint tint) {
    double top = corners.stream().mapToDouble(Point::y).min().orElse(0);
    double bottom = corners.stream().mapToDouble(Point::y).max().orElse(0);
    int last = Math.min(rows * 4 - 1, (int) (bottom * scale));
    for (int down = Math.max(0, (int) (top * scale)); down <= last; down++) {
      double y = (down + 0.5) / scale;
      for (int right = 0; right < columns * 2; right++) {
        if (isInside(corners, (right + 0.5) / scale, y)) {
          if (tint == Tint.PAPER || (down + right) % 2 == 1) {
            clear(right, down);
          } else {
            dot(right, down, tint);
          }
        }
      }
    }
  }

  private static boolean isInside(List<Point> corners, double x, double y) {
    boolean inside = false;
    for (int i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
      Point a = corners.get(i);
      Point b = corners.get(j);
      boolean crosses = a.y() > y != b.y() > y;
      if (crosses && x < (b.x() - a.x()) * (y - a.y()) / (b.y() - a.y()) + a.x()) {
        inside = !inside;
      }
    }
    return inside;
  }

  private void write(Shape.Label label) {
    int row = (int) ((label.at().y() - label.size() / 3) * scale / 4);
    int length = label.text().length();
    int left =
        (int) (label.at().x() * scale / 2)
            - switch (label.align()) {
              case LEFT -> 0;
              case CENTRE -> length / 2;
              case RIGHT -> length;
            };
    for (int i = 0; i < length; i++) {
      int column = left + i;
      if (row >= 0 && row < rows && column >= 0 && column < columns) {
        cells[row * columns + column] = label.text().charAt(i);
        tints[row * columns + column] = label.tint() == Tint.PAPER ? Tint.INK : label.tint();
      }
    }
  }

  private void dot(int right, int down, Tint tint) {
    int cell = cell(right, down);
    if (cell >= 0) {
      cells[cell] = (char) (dots(cell) | DOTS[down % 4][right % 2]);
      tints[cell] = tint;
    }
  }

  private void clear(int right, int down) {
    int cell = cell(right, down);
    if (cell >= 0) {
      cells[cell] = (char) (dots(cell) & ~DOTS[down % 4][right % 2]);
    }
  }

  /** The character of a dot, or -1 beyond the edge. */
  private int cell(int right, int down) {
    boolean on = right >= 0 && down >= 0 && right < 2 * columns && down < 4 * rows;
    return on ? down / 4 * columns + right / 2 : -1;
  }

  /** What a letter stands on has no dots. */
  private char dots(int cell) {
    return cells[cell] >= EMPTY && cells[cell] <= FULL ? cells[cell] : EMPTY;
  }

  private List<String> text(boolean colours) {
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      var line = new StringBuilder();
      int before = code(Tint.PAPER);
      for (int column = 0; column < columns; column++) {
        char cell = cells[row * columns + column];
        int code = cell == EMPTY ? before : code(tints[row * columns + column]);
        if (colours && code != before) {
          line.append("\u001b[").append(code).append('m');
          before = code;
        }
        line.append(cell == EMPTY ? ' ' : cell);
      }
      lines.add(
          colours
              ? line.toString().stripTrailing() + "\u001b[0m"
              : line.toString().stripTrailing());
    }
    return lines;
  }

  /** ANSI's; terminals choose what they look like on light and on dark ground. */
  private static int code(Tint tint) {
    return switch (tint) {
      case PAPER, INK -> 39;
      case FAINT, GRID -> 90;
      case BLUE -> 34;
      case ORANGE, BROWN -> 33;
      case GREEN -> 32;
      case PURPLE, PINK -> 35;
      case RED -> 31;
      case TEAL -> 36;
    };
  }
}
