package dev.troupe.rollout.picture;

import dev.troupe.rollout.picture.Shape.Align;
import java.util.ArrayList;
import java.util.List;

/** A picture in the making: each call adds a shape over the ones before. */
public final class Sketch {
  private static final double OPAQUE = 1;

  private final double width;
  private final double height;
  private final List<Shape> shapes = new ArrayList<>();

  /** Begins with empty paper of that size; x goes to the right and y down. */
  public Sketch(double width, double height) {
    this.width = width;
    this.height = height;
  }

  /** A straight line. */
  public Sketch line(double fromX, double fromY, double toX, double toY, double thick, Tint tint) {
    return line(List.of(new Point(fromX, fromY), new Point(toX, toY)), thick, tint, OPAQUE);
  }

  /** A line through points; opacity from 0 to 1. */
  public Sketch line(List<Point> points, double thick, Tint tint, double opacity) {
    shapes.add(new Shape.Line(points, thick, tint, opacity));
    return this;
  }

  /** A filled rectangle, by its upper left corner. */
  public Sketch box(double x, double y, double wide, double high, Tint tint) {
    return area(
        List.of(
            new Point(x, y),
            new Point(x + wide, y),
            new Point(x + wide, y + high),
            new Point(x, y + high)),
        tint,
        OPAQUE);
  }

  /** A filled polygon; opacity from 0 to 1. */
  public Sketch area(List<Point> corners, Tint tint, double opacity) {
    shapes.add(new Shape.Area(corners, tint, opacity));
    return this;
  }

  /** A filled circle. */
  public Sketch disc(double x, double y, double radius, Tint tint) {
    shapes.add(new Shape.Disc(new Point(x, y), radius, tint));
    return this;
  }

  /** Text on a base line. */
  public Sketch label(double x, double y, double size, String text, Align align, Tint tint) {
    shapes.add(new Shape.Label(new Point(x, y), size, text, align, tint));
    return this;
  }

  /** All of it so far. */
  public Picture picture() {
    return new Picture(width, height, shapes);
  }
}
