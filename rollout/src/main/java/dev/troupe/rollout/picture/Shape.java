package dev.troupe.rollout.picture;

import java.util.List;

/** A part of a picture. */
public sealed interface Shape {
  Tint tint();

  /** A line through points. */
  record Line(List<Point> points, double width, Tint tint, double opacity) implements Shape {
    public Line {
      points = List.copyOf(points);
    }
  }

  /** A filled polygon. */
  record Area(List<Point> corners, Tint tint, double opacity) implements Shape {
    public Area {
      corners = List.copyOf(corners);
    }
  }

  /** A filled circle. */
  record Disc(Point centre, double radius, Tint tint) implements Shape {}

  /**
   * A line of text.
   *
   * @param at its place: on the base line, at the left end, in the middle or at the right end
   * @param size height of the letters, about
   */
  record Label(Point at, double size, String text, Align align, Tint tint) implements Shape {}

  /** Which part of a text lies at its place. */
  enum Align {
    LEFT,
    CENTRE,
    RIGHT
  }
}
