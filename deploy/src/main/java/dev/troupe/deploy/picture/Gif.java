package dev.troupe.deploy.picture;

import dev.troupe.rollout.picture.Picture;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/**
 * Pictures one after another as a GIF that repeats for ever. After the first one, only the
 * rectangle is written in which something changed.
 */
public final class Gif {
  private static final String FORMAT = "javax_imageio_gif_image_1.0";

  /** Viewers slow down what is faster. */
  private static final int HUNDREDTHS_MIN = 2;

  private static final int SAMPLED_FOR_COLOURS = 48;

  /** Colours that are seldom are found in the pictures that were looked at. */
  private final Palette palette;

  private final ImageWriter writer;
  private byte[] before = {};

  private Gif(Palette palette, ImageWriter writer) {
    this.palette = palette;
    this.writer = writer;
  }

  /**
   * Writes a file.
   *
   * @param pictures at least one, all of the same size
   * @param scale pixels a unit
   * @param perSecond pictures a second, 50 at most; rounded to hundredths of a second
   */
  public static void write(List<Picture> pictures, double scale, double perSecond, Path file)
      throws IOException {
    int hundredths = Math.max(HUNDREDTHS_MIN, (int) Math.round(100 / perSecond));
    Files.deleteIfExists(file);
    ImageWriter writer = ImageIO.getImageWritersBySuffix("gif").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      Gif gif = new Gif(palette(pictures, scale), writer);
      for (Picture picture : pictures) {
        gif.add(Raster.image(picture, scale), hundredths);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
  }

  private static Palette palette(List<Picture> pictures, double scale) {
    List<BufferedImage> images = new ArrayList<>();
    int step = Math.max(1, pictures.size() / SAMPLED_FOR_COLOURS);
    for (int i = 0; i < pictures.size(); i += step) {
      images.add(Raster.image(pictures.get(i), scale));
    }
    return Palette.of(images);
  }

  private void add(BufferedImage image, int hundredths) throws IOException {
    int width = image.getWidth();
    int[] pixels = Palette.pixels(image);
    byte[] now = new byte[pixels.length];
    for (int i = 0; i < now.length; i++) {
      now[i] = palette.place(pixels[i]);
    }
    boolean first = before.length == 0;
    Rectangle changed =
        first ? new Rectangle(0, 0, width, image.getHeight()) : changed(before, now, width);
    before = now;
    BufferedImage part =
        new BufferedImage(
            changed.width, changed.height, BufferedImage.TYPE_BYTE_INDEXED, palette.model());
    byte[] target = ((DataBufferByte) part.getRaster().getDataBuffer()).getData();
    for (int row = 0; row < changed.height; row++) {
      int from = (changed.y + row) * width + changed.x;
      System.arraycopy(now, from, target, row * changed.width, changed.width);
    }
    writer.writeToSequence(
        new IIOImage(part, null, metadata(part, changed, hundredths, first)), null);
  }

  /** The least rectangle that holds all differences; a single pixel where there are none. */
  private static Rectangle changed(byte[] before, byte[] now, int width) {
    var changed = new Rectangle(-1, -1);
    for (int i = 0; i < now.length; i++) {
      if (now[i] != before[i]) {
        changed.add(new Rectangle(i % width, i / width, 1, 1));
      }
    }
    return changed.isEmpty() ? new Rectangle(0, 0, 1, 1) : changed;
  }

  private IIOMetadata metadata(BufferedImage part, Rectangle place, int hundredths, boolean first)
      throws IOException {
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(new ImageTypeSpecifier(part), writer.getDefaultWriteParam());
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    IIOMetadataNode descriptor = new IIOMetadataNode("ImageDescriptor");
    descriptor.setAttribute("imageLeftPosition", Integer.toString(place.x));
    descriptor.setAttribute("imageTopPosition", Integer.toString(place.y));
    descriptor.setAttribute("imageWidth", Integer.toString(place.width));
    descriptor.setAttribute("imageHeight", Integer.toString(place.height));
    descriptor.setAttribute("interlaceFlag", "FALSE");
    root.appendChild(descriptor);
    IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
    control.setAttribute("disposalMethod", "doNotDispose");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("delayTime", Integer.toString(hundredths));
    control.setAttribute("transparentColorIndex", "0");
    root.appendChild(control);
    if (first) {
      root.appendChild(repeating());
    }
    metadata.mergeTree(FORMAT, root);
    return metadata;
  }

  /** Netscape's extension: repeat for ever. */
  private static IIOMetadataNode repeating() {
    IIOMetadataNode repeating = new IIOMetadataNode("ApplicationExtension");
    repeating.setAttribute("applicationID", "NETSCAPE");
    repeating.setAttribute("authenticationCode", "2.0");
    repeating.setUserObject(new byte[] {1, 0, 0});
    IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
    extensions.appendChild(repeating);
    return extensions;
  }
}
