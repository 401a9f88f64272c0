package dev.troupe.deploy.picture;

import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Shape;
import dev.troupe.rollout.picture.Tint;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Pictures in pixels, on light paper. Works without a display. */
public final class Raster {
  private Raster() {}

  /** Writes a PNG of {@code scale} pixels a unit. */
  public static void png(Picture picture, double scale, Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      ImageIO.write(image(picture, scale), "png", out);
    }
  }

  /** An image of {@code scale} pixels a unit. */
  static BufferedImage image(Picture picture, double scale) {
    System.setProperty("java.awt.headless", "true");
    var image =
        new BufferedImage(
            Math.max(1, (int) Math.round(picture.width() * scale)),
            Math.max(1, (int) Math.round(picture.height() * scale)),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(new Color(Tint.PAPER.light()));
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(scale, scale);
    picture.shapes().forEach(shape -> draw(graphics, shape));
    graphics.dispose();
    return image;
  }

  private static void draw(Graphics2D graphics, Shape shape) {
    graphics.setColor(new Color(shape.tint().light()));
    switch (shape) {
      case Shape.Line(var points, var width, _, var opacity) -> {
        graphics.setComposite(AlphaComposite.SrcOver.derive((float) opacity));
        graphics.setStroke(
            new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(path(points));
      }
      case Shape.Area(var corners, _, var opacity) -> {
        graphics.setComposite(AlphaComposite.SrcOver.derive((float) opacity));
        Path2D area = path(corners);
        area.closePath();
        graphics.fill(area);
      }
      case Shape.Disc(var centre, var radius, _) -> {
        graphics.setComposite(AlphaComposite.SrcOver);
        graphics.fill(
            new Ellipse2D.Double(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius));
      }
      case Shape.Label label -> {
        graphics.setComposite(AlphaComposite.SrcOver);
        draw(graphics, label);
      }
    }
  }

  private static void draw(Graphics2D graphics, Shape.Label label) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont((float) label.size()));
    int width = graphics.getFontMetrics().stringWidth(label.text());
    double left =
        switch (label.align()) {
          case LEFT -> 0;
          case CENTRE -> width / 2.0;
          case RIGHT -> width;
        };
    graphics.drawString(label.text(), (float) (label.at().x() - left), (float) label.at().y());
  }

  private static Path2D path(List<Point> points) {
    var path = new Path2D.Double();
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      if (i == 0) {
        path.moveTo(point.x(), point.y());
      } else {
        path.lineTo(point.x(), point.y());
      }
    }
    return path;
  }
}
