package dev.troupe.deploy.picture;

import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Shape;
import dev.troupe.rollout.picture.Tint;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** Pictures as SVG that follows the viewer's light or dark scheme. */
public final class Svg {
  private static final String FONT =
      "text{font-family:system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}";

  private Svg() {}

  /** A whole file. */
  public static String file(Picture picture) {
    return open(picture)
        + "<style>"
        + style()
        + "</style>\n"
        + paper(picture)
        + shapes(picture)
        + "</svg>\n";
  }

  /** The element's beginning. */
  static String open(Picture picture) {
    String width = number(picture.width());
    String height = number(picture.height());
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
        + width
        + " "
        + height
        + "\" width=\""
        + width
        + "\" height=\""
        + height
        + "\">\n";
  }

  /** Rules for colours, each as a fill and as a stroke. */
  static String style() {
    return FONT
        + rules(Tint::light)
        + "@media(prefers-color-scheme:dark){"
        + rules(Tint::dark)
        + "}";
  }

  private static String rules(ToIntFunction<Tint> colour) {
    var rules = new StringBuilder();
    for (Tint tint : Tint.values()) {
      String name = name(tint);
      String hex = String.format(Locale.ROOT, "#%06x", colour.applyAsInt(tint));
      rules.append(".f-").append(name).append("{fill:").append(hex).append('}');
      rules.append(".s-").append(name).append("{stroke:").append(hex).append(";fill:none}");
    }
    return rules.toString();
  }

  /** Under everything. */
  static String paper(Picture picture) {
    return "<rect class=\"f-paper\" width=\""
        + number(picture.width())
        + "\" height=\""
        + number(picture.height())
        + "\"/>\n";
  }

  /** An element for each shape. */
  static String shapes(Picture picture) {
    var text = new StringBuilder();
    picture.shapes().forEach(shape -> text.append(element(shape)).append('\n'));
    return text.toString();
  }

  /** A shape. */
  static String element(Shape shape) {
    String tint = name(shape.tint());
    return switch (shape) {
      case Shape.Line(var points, var width, _, var opacity) ->
          "<polyline class=\"s-"
              + tint
              + "\" stroke-width=\""
              + number(width)
              + "\" stroke-linejoin=\"round\" stroke-linecap=\"round\""
              + opacity(opacity)
              + " points=\""
              + points(points)
              + "\"/>";
      case Shape.Area(var corners, _, var opacity) ->
          "<polygon class=\"f-"
              + tint
              + "\""
              + opacity(opacity)
              + " points=\""
              + points(corners)
              + "\"/>";
      case Shape.Disc(var centre, var radius, _) ->
          "<circle class=\"f-"
              + tint
              + "\" cx=\""
              + number(centre.x())
              + "\" cy=\""
              + number(centre.y())
              + "\" r=\""
              + number(radius)
              + "\"/>";
      case Shape.Label(var at, var size, var words, var align, _) ->
          "<text class=\"f-"
              + tint
              + "\" x=\""
              + number(at.x())
              + "\" y=\""
              + number(at.y())
              + "\" font-size=\""
              + number(size)
              + "\" text-anchor=\""
              + anchor(align)
              + "\">"
              + escaped(words)
              + "</text>";
    };
  }

  private static String anchor(Shape.Align align) {
    return switch (align) {
      case LEFT -> "start";
      case CENTRE -> "middle";
      case RIGHT -> "end";
    };
  }

  private static String opacity(double opacity) {
    return opacity < 1 ? " opacity=\"" + number(opacity) + "\"" : "";
  }

  private static String points(List<Point> points) {
    var text = new StringBuilder();
    for (Point point : points) {
      text.append(text.isEmpty() ? "" : " ");
      text.append(number(point.x())).append(',').append(number(point.y()));
    }
    return text.toString();
  }

  private static String name(Tint tint) {
    return tint.name().toLowerCase(Locale.ROOT);
  }

  /** At most two decimals. */
  private static String number(double number) {
    double rounded = Math.rint(number * 100) / 100;
    return rounded == Math.rint(rounded) && Math.abs(rounded) < 1e15
        ? Long.toString((long) rounded)
        : Double.toString(rounded);
  }

  /** For text between tags and in attributes; what XML can't hold becomes a question mark. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replaceAll("[\\p{Cntrl}\\uFFFE\\uFFFF]", "?");
  }
}
