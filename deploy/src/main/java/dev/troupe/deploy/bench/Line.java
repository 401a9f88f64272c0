package dev.troupe.deploy.bench;

import java.util.List;

/**
 * The straight line through points that is nearest to them by least squares.
 *
 * @param at its height in the points' middle
 * @param slope by which it rises for one of x
 */
public record Line(double at, double slope) {
  /** A point. */
  public record Point(double x, double y) {}

  /** Of fewer than two points it is level. */
  public static Line through(List<Point> points) {
    double x = points.stream().mapToDouble(Point::x).average().orElse(0);
    double y = points.stream().mapToDouble(Point::y).average().orElse(0);
    double products = 0;
    double squares = 0;
    for (Point point : points) {
      products += (point.x() - x) * (point.y() - y);
      squares += (point.x() - x) * (point.x() - x);
    }
    return new Line(y, squares == 0 ? 0 : products / squares);
  }
}
