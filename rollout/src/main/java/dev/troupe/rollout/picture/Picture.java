package dev.troupe.rollout.picture;

import dev.troupe.protocol.check.Check;
import java.util.List;

/**
 * Shapes on a sheet of paper, the later ones over the earlier.
 *
 * @param width of the paper, in the units of its points
 * @param height of the paper
 */
public record Picture(double width, double height, List<Shape> shapes) {
  public Picture {
    Check.that(width > 0 && Double.isFinite(width), "width", "positive", width);
    Check.that(height > 0 && Double.isFinite(height), "height", "positive", height);
    shapes = List.copyOf(shapes);
  }
}
