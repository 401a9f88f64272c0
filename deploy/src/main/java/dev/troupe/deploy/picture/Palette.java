package dev.troupe.deploy.picture;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The colours that images have most, at most 256; another colour becomes the nearest of them. */
final class Palette {
  private static final int COLOURS_MAX = 256;

  private final int[] colours;
  private final Map<Integer, Byte> places = new HashMap<>();

  private Palette(int[] colours) {
    this.colours = colours;
  }

  static Palette of(List<BufferedImage> images) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (BufferedImage image : images) {
      for (int colour : pixels(image)) {
        counts.merge(colour, 1, Integer::sum);
      }
    }
    return new Palette(
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<Integer, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
            .limit(COLOURS_MAX)
            .mapToInt(Map.Entry::getKey)
            .toArray());
  }

  /** 0xRRGGBB of every pixel, row by row. */
  static int[] pixels(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] &= 0xffffff;
    }
    return pixels;
  }

  /** The number of the nearest colour. */
  byte place(int colour) {
    return places.computeIfAbsent(colour, this::nearest);
  }

  private byte nearest(int colour) {
    int best = 0;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < colours.length && least > 0; i++) {
      int red = (colours[i] >> 16 & 0xff) - (colour >> 16 & 0xff);
      int green = (colours[i] >> 8 & 0xff) - (colour >> 8 & 0xff);
      int blue = (colours[i] & 0xff) - (colour & 0xff);
      int distance = red * red + green * green + blue * blue;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return (byte) best;
  }

  IndexColorModel model() {
    return new IndexColorModel(
        8, colours.length, colours, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE);
  }
}
