package dev.troupe.deploy.episode;

import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Shape;
import dev.troupe.rollout.picture.Shape.Align;
import dev.troupe.rollout.picture.Sketch;
import dev.troupe.rollout.picture.Tint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What there is to see after a step.
 *
 * @param picture of the environment
 * @param episode from 1 on
 * @param step of the episode; 0 before the first
 * @param action in words; empty before the first step
 * @param reward of the step
 * @param sum of the episode's rewards so far
 */
public record Frame(
    Picture picture, int episode, int step, String action, double reward, double sum, End end) {
  private static final double LINE = 20;
  private static final double CAPTION_WIDTH = 320;

  /** Whether it is the episode's last, and why. */
  public enum End {
    /** It isn't. */
    NONE(""),
    TERMINATED("terminated"),
    TRUNCATED("truncated"),
    /** It would go on, but nobody looks. */
    LEFT("left");

    private final String words;

    End(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** All but the picture, in a line. */
  public String caption() {
    return (place() + "  " + account()).strip();
  }

  private String place() {
    return "episode " + episode + (step == 0 ? "" : "  step " + step + "  " + action);
  }

  private String account() {
    return step == 0
        ? ""
        : String.format(Locale.ROOT, "reward %.3f  return %.3f  %s", reward, sum, end).strip();
  }

  /** The picture with the caption below it, in two lines. */
  public Picture captioned() {
    double width = Math.max(picture.width(), CAPTION_WIDTH);
    double height = picture.height() + 2 * LINE + 8;
    List<Shape> shapes = new ArrayList<>(picture.shapes());
    // What reaches beyond the picture would run through the caption.
    shapes.addAll(
        new Sketch(width, height)
            .box(0, picture.height(), width, height - picture.height(), Tint.PAPER)
            .picture()
            .shapes());
    shapes.add(line(place(), picture.height() + LINE));
    shapes.add(line(account(), picture.height() + 2 * LINE));
    return new Picture(width, height, shapes);
  }

  private static Shape line(String text, double y) {
    return new Shape.Label(new Point(10, y), 14, text, Align.LEFT, Tint.INK);
  }
}
