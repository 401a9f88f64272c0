package dev.troupe.deploy.terminal;

import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunListener;
import dev.troupe.deploy.watch.RunView;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Shows a run while it goes on: one block that is drawn again and again in a terminal, else a plain
 * line now and then. What matters (evaluations, restarts, stalls) is written down in both cases.
 */
public final class Progress implements RunListener, AutoCloseable {
  private static final long DRAW_EVERY_MILLIS = 200;
  private static final long LINE_EVERY_MILLIS = 5_000;
  private static final int LINES_TO_REPEAT_WAITING = 12;

  private final Console console;
  private final Supplier<RunView> views;
  private final ProgressText text;
  private final LiveBlock block;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress").factory());
  private final AtomicInteger ticksOfWaiting = new AtomicInteger();
  private volatile String footer = "";
  private volatile int columns = 80;
  private volatile Optional<Waiting> waiting = Optional.empty();
  private boolean closed;

  /** What is waited for before the run begins, since when. */
  private record Waiting(String words, long sinceNanos) {
    String text(long now) {
      return words + " (for " + Figures.duration(Duration.ofNanos(now - sinceNanos)) + ")";
    }
  }

  /** Shows {@code views} from now on. */
  public Progress(Console console, Supplier<RunView> views) {
    this.console = console;
    this.views = views;
    this.text = new ProgressText(console);
    this.block = new LiveBlock(console.out(), () -> columns);
    if (console.live()) {
      timer.execute(this::followWidth);
      var _ =
          timer.scheduleAtFixedRate(
              this::draw, DRAW_EVERY_MILLIS, DRAW_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      var _ =
          timer.scheduleAtFixedRate(
              this::writeLines, LINE_EVERY_MILLIS, LINE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Shows {@code footer} below the block from now on. */
  public void footer(String footer) {
    this.footer = footer;
  }

  /**
   * The run hasn't begun: {@code words} says what it waits for. Without a terminal they are written
   * when they change, and now and then.
   */
  public void waiting(String words) {
    Optional<Waiting> before = waiting;
    if (before.isEmpty() || !before.get().words().equals(words)) {
      long since = before.map(Waiting::sinceNanos).orElseGet(System::nanoTime);
      waiting = Optional.of(new Waiting(words, since));
      ticksOfWaiting.set(0);
      if (!console.live()) {
        message(words);
      }
    }
  }

  /** The run has begun. */
  public void begun() {
    waiting = Optional.empty();
  }

  private void writeLines() {
    Optional<Waiting> now = waiting;
    if (now.isEmpty()) {
      text.plain(views.get()).forEach(this::message);
    } else if (ticksOfWaiting.incrementAndGet() % LINES_TO_REPEAT_WAITING == 0) {
      message(now.get().text(System.nanoTime()));
    }
  }

  @Override
  public void on(RunEvent event) {
    Remark.of(event, views).ifPresent(this::remark);
  }

  /** Writes {@code remark} down, unless the block shows it anyway. */
  public void remark(Remark remark) {
    switch (remark.kind()) {
      case ROUTINE -> {
        if (!console.live()) {
          message(remark.text());
        }
      }
      case NEWS -> message(remark.text());
      case WARNING -> message(console.warning(remark.text()));
    }
  }

  /** Writes a line that stays. */
  public void message(String message) {
    if (console.live()) {
      block.message(message);
    } else {
      console.line(message);
    }
  }

  private synchronized void draw() {
    if (!closed) {
      block.draw(lines(footer));
    }
  }

  private void followWidth() {
    try {
      Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
      measure(terminal);
      var _ = timer.scheduleAtFixedRate(() -> measure(terminal), 1, 1, TimeUnit.SECONDS);
    } catch (IOException _) {
      // The assumed width stays.
    }
  }

  private void measure(Terminal terminal) {
    columns = TerminalWidth.of(terminal);
  }

  /** Ends the show; the last state stays where it was drawn. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    timer.shutdownNow();
    if (console.live()) {
      block.draw(lines(""));
    }
  }

  private List<String> lines(String below) {
    int width = columns - 1;
    return waiting
        .map(
            it ->
                Stream.of(it.text(System.nanoTime()), below)
                    .filter(line -> !line.isEmpty())
                    .flatMap(line -> Wrap.lines(line, width, 2).stream())
                    .toList())
        .orElseGet(() -> text.block(views.get(), below, width));
  }
}
