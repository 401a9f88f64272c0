package dev.troupe.deploy.command;

import dev.troupe.deploy.episode.Film;
import dev.troupe.deploy.episode.Film.Next;
import dev.troupe.deploy.episode.Frame;
import dev.troupe.deploy.episode.Frame.End;
import dev.troupe.deploy.picture.Gif;
import dev.troupe.deploy.picture.HtmlPlayer;
import dev.troupe.deploy.picture.MovingSvg;
import dev.troupe.deploy.picture.Slide;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Episodes in a file. */
@Command(
    name = "record",
    header = "Plays episodes into a file: GIF, an HTML player, or SVG that moves by itself.",
    footer = {
      "%nThe HTML player has a slider, pauses and goes step by step; it is one file that loads",
      "nothing else. What has no picture shows its observations as curves.",
      "%nExamples:",
      "  ./troupe record runs/cartpole",
      "  ./troupe record runs/cartpole --episodes 3 --to cartpole.html",
      "  ./troupe record runs/acrobot --speed 2 --to acrobot.svg",
      "  ./troupe record CliffWalking-v1 --steps 50 --to random.gif"
    })
final class RecordCommand implements Callable<Integer> {
  /** More pictures a second make a GIF larger and hardly better. */
  private static final double GIF_PER_SECOND = 25;

  private final Console console;
  @Mixin private PlayedOptions options = new PlayedOptions();

  @Option(
      names = "--to",
      paramLabel = "FILE.gif|html|svg",
      defaultValue = "episodes.gif",
      description = "Where to; ${DEFAULT-VALUE} if not given.")
  private Path to = Path.of("");

  @Option(
      names = "--episodes",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many; ${DEFAULT-VALUE} if not given.")
  private int episodes;

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "1",
      description = "How many times as fast as is natural; ${DEFAULT-VALUE} if not given.")
  private double speed;

  @Option(
      names = "--every",
      paramLabel = "N",
      description = "Keeps every Nth step; all of them if not given, in a GIF 25 a second at most.")
  private @Nullable Integer every;

  @Option(
      names = "--scale",
      paramLabel = "X",
      defaultValue = "1",
      description =
          "Pixels of a GIF for one of the picture's units; ${DEFAULT-VALUE} if not given.")
  private double scale;

  RecordCommand(Console console) {
    this.console = console;
  }

  private enum Format {
    GIF,
    HTML,
    SVG
  }

  @Override
  public Integer call() throws IOException {
    CommandFailure.checkAtLeast("--episodes", 1, episodes);
    CommandFailure.checkAtLeast("--every", 1, every == null ? 1 : every);
    checkWithin("--speed", speed, 0.01, 100);
    checkWithin("--scale", scale, 0.1, 8);
    Format format = format();
    PlayedOptions.Played played = options.open();
    try (var player = played.player()) {
      Film film = new Film(player, options.steps());
      double perSecond = film.stepsPerSecond() * speed;
      int step = every == null ? usual(format, perSecond) : every;
      List<Frame> frames = frames(film, step, perSecond / step);
      if (!film.isDrawn()) {
        console.line(
            "it has no picture, so its observations are drawn; an environment of your own gets one"
                + " by implementing Drawable");
      }
      write(format, played.title(), frames, perSecond / step);
    }
    console.format("wrote %s (%s)", to, Figures.bytes(Files.size(to)));
    return ExitCode.DONE;
  }

  private static void checkWithin(String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          option + ": got [" + value + "], expected from " + least + " to " + most);
    }
  }

  private Format format() {
    String name = to.toString().toLowerCase(Locale.ROOT);
    for (Format format : Format.values()) {
      if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new CommandFailure(
        ExitCode.REFUSED,
        "--to: got [" + to + "], expected a name that ends in .gif, .html or .svg");
  }

  private static int usual(Format format, double perSecond) {
    return format == Format.GIF ? Math.max(1, (int) Math.round(perSecond / GIF_PER_SECOND)) : 1;
  }

  /** The ends stay for a second. */
  private List<Frame> frames(Film film, int step, double perSecond) {
    List<Frame> frames = new ArrayList<>();
    film.play(
        episodes,
        frame -> {
          boolean last = frame.end() != End.NONE;
          if (last || frame.step() % step == 0) {
            frames.add(frame);
          }
          for (int i = 1; last && i < perSecond; i++) {
            frames.add(frame);
          }
          if (last) {
            console.format(
                "episode %d: return %.3f after %d steps, %s",
                frame.episode(), frame.sum(), frame.step(), frame.end());
          }
          return Next.STEP;
        });
    return frames;
  }

  private void write(Format format, String title, List<Frame> frames, double perSecond)
      throws IOException {
    Path parent = to.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    switch (format) {
      case GIF -> Gif.write(frames.stream().map(Frame::captioned).toList(), scale, perSecond, to);
      case HTML -> {
        List<Slide> slides =
            frames.stream().map(frame -> new Slide(frame.picture(), frame.caption())).toList();
        Files.writeString(to, HtmlPlayer.file(title, slides, perSecond));
      }
      case SVG ->
          Files.writeString(
              to, MovingSvg.file(frames.stream().map(Frame::captioned).toList(), perSecond));
    }
  }
}
