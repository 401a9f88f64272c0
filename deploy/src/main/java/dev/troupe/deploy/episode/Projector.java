package dev.troupe.deploy.episode;

import dev.troupe.deploy.episode.Film.Next;
import dev.troupe.deploy.episode.Frame.End;
import dev.troupe.deploy.picture.DotCanvas;
import dev.troupe.deploy.terminal.Screen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Shows frames on the whole terminal, at their pace: frames that come too late are passed over.
 * Keys pause, step, change the pace, go on to the next episode and quit.
 */
public final class Projector implements Film.Viewer {
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long END_NANOS = 1_000_000_000;
  private static final double SPEED_MAX = 64;

  private final Screen screen;
  private final String title;
  private final double stepsPerSecond;
  private final boolean colours;
  private final LongSupplier nanoTime;
  private double speed = 1;
  private boolean paused;
  private long due;

  /**
   * @param title shown above the picture
   * @param stepsPerSecond at speed 1
   * @param nanoTime a monotonic clock
   */
  public Projector(
      Screen screen, String title, double stepsPerSecond, boolean colours, LongSupplier nanoTime) {
    this.screen = screen;
    this.title = title;
    this.stepsPerSecond = stepsPerSecond;
    this.colours = colours;
    this.nanoTime = nanoTime;
    this.due = nanoTime.getAsLong();
  }

  @Override
  public Next see(Frame frame) {
    boolean last = frame.end() != End.NONE;
    long late = nanoTime.getAsLong() - due;
    long pace = (long) (1e9 / (stepsPerSecond * speed));
    if (late > END_NANOS) {
      due += late;
    } else if (late > pace && !last && !paused) {
      due += pace;
      return Next.STEP;
    }
    due += last ? Math.max(pace, END_NANOS) : pace;
    return await(frame);
  }

  private Next await(Frame frame) {
    while (true) {
      long millis = paused ? HOUR_MILLIS : (due - nanoTime.getAsLong()) / 1_000_000;
      OptionalInt key = draw(frame, Math.max(1, millis));
      if (key.isEmpty()) {
        if (!paused) {
          return Next.STEP;
        }
        continue;
      }
      switch (key.getAsInt()) {
        case 'q', 'Q' -> {
          return Next.STOP;
        }
        case 'n' -> {
          return Next.EPISODE;
        }
        case 's' -> {
          paused = true;
          return Next.STEP;
        }
        case ' ' -> {
          paused = !paused;
          due = nanoTime.getAsLong();
        }
        case '+' -> speed = Math.min(SPEED_MAX, speed * 2);
        case '-' -> speed = Math.max(1 / SPEED_MAX, speed / 2);
        default -> {}
      }
    }
  }

  private OptionalInt draw(Frame frame, long millis) {
    int columns =
        DotCanvas.columns(frame.picture(), screen.columns() - 1, Math.max(4, screen.lines() - 4));
    List<String> lines = new ArrayList<>();
    lines.add(title);
    lines.add(frame.caption());
    lines.add("");
    lines.addAll(DotCanvas.lines(frame.picture(), columns, colours));
    String foot =
        String.format(
            Locale.ROOT,
            "%s   space %s, s steps, n next episode, + and - speed (%s), q quits",
            paused ? "paused" : "playing",
            paused ? "goes on" : "pauses",
            speed < 1 ? "1/" + (int) (1 / speed) : Integer.toString((int) speed));
    try {
      return screen.frame(lines, foot, millis);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
