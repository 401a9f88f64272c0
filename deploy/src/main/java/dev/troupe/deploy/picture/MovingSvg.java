package dev.troupe.deploy.picture;

import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Shape;
import java.util.List;
import java.util.Locale;

/** Pictures one after another as SVG that moves by itself and repeats, without a script. */
public final class MovingSvg {
  private MovingSvg() {}

  /**
   * A whole file.
   *
   * @param pictures at least one, all of the same size
   */
  public static String file(List<Picture> pictures, double picturesPerSecond) {
    Picture first = pictures.getFirst();
    int still = still(pictures);
    var text = new StringBuilder(Svg.open(first));
    text.append("<style>").append(Svg.style());
    text.append(
        String.format(
            Locale.ROOT,
            "@keyframes turn{0%%{visibility:visible}%.6f%%{visibility:hidden}"
                + "100%%{visibility:hidden}}.p{visibility:hidden;"
                + "animation:turn %.3fs step-end infinite}</style>%n",
            100.0 / pictures.size(),
            pictures.size() / picturesPerSecond));
    text.append(Svg.paper(first));
    first.shapes().subList(0, still).forEach(shape -> text.append(Svg.element(shape)).append('\n'));
    for (int i = 0; i < pictures.size(); i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "<g class=\"p\" style=\"animation-delay:%.3fs\">",
              i / picturesPerSecond));
      List<Shape> shapes = pictures.get(i).shapes();
      shapes.subList(still, shapes.size()).forEach(shape -> text.append(Svg.element(shape)));
      text.append("</g>\n");
    }
    return text.append("</svg>\n").toString();
  }

  /** How many shapes all pictures begin with. */
  private static int still(List<Picture> pictures) {
    List<Shape> first = pictures.getFirst().shapes();
    int same = first.size();
    for (Picture picture : pictures) {
      List<Shape> shapes = picture.shapes();
      int at = 0;
      while (at < Math.min(same, shapes.size()) && shapes.get(at).equals(first.get(at))) {
        at++;
      }
      same = at;
    }
    return same;
  }
}
