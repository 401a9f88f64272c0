package dev.troupe.deploy.picture;

import com.google.gson.Gson;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Slides as one HTML file: play, pause, step, drag, faster, slower. It loads nothing else. */
public final class HtmlPlayer {
  /** Escapes what would end a script, as Gson does by itself. */
  private static final Gson GSON = new Gson();

  /**
   * A slide as its script has it.
   *
   * @param p places of its shapes in the list of all
   * @param c the caption
   */
  private record Shown(List<Integer> p, String c) {}

  private HtmlPlayer() {}

  /**
   * A whole file.
   *
   * @param slides at least one, all of the same size
   */
  public static String file(String title, List<Slide> slides, double slidesPerSecond) {
    List<String> shapes = new ArrayList<>();
    Map<Shape, Integer> places = new HashMap<>();
    List<Shown> shown = new ArrayList<>();
    for (Slide slide : slides) {
      List<Integer> parts = new ArrayList<>();
      for (Shape shape : slide.picture().shapes()) {
        Integer place = places.putIfAbsent(shape, shapes.size());
        if (place == null) {
          place = shapes.size();
          shapes.add(Svg.element(shape));
        }
        parts.add(place);
      }
      shown.add(new Shown(parts, slide.caption()));
    }
    Picture first = slides.getFirst().picture();
    return template()
        .replace("@TITLE@", Svg.escaped(title))
        .replace("@STYLE@", Svg.style())
        .replace("@OPEN@", Svg.open(first).replace("<svg ", "<svg id=\"picture\" ").strip())
        .replace("@PER_SECOND@", Double.toString(slidesPerSecond))
        .replace("@SHAPES@", GSON.toJson(shapes))
        .replace("@SLIDES@", GSON.toJson(shown));
  }

  private static String template() {
    try (InputStream in = HtmlPlayer.class.getResourceAsStream("player.html")) {
      if (in == null) {
        throw new IllegalStateException("resource [player.html] is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
