package dev.troupe.deploy.terminal;

import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunListener;
import dev.troupe.deploy.watch.RunView;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Shows a run while it goes on: one block that is drawn again and again in a terminal, else a plain
 * line now and then. What matters (evaluations, restarts, stalls) is written down in both cases.
 */
public final class Progress implements RunListener, AutoCloseable {
  private static final long DRAW_EVERY_MILLIS = 200;
  private static final long LINE_EVERY_MILLIS = 5_000;

  private final Console console;
  private final Supplier<RunView> views;
  private final ProgressText text;
  private final LiveBlock block;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress").factory());
  private volatile String footer = "";
  private volatile int columns = 100;
  private boolean closed;

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
              () -> message(text.line(views.get())),
              LINE_EVERY_MILLIS,
              LINE_EVERY_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  /** Shows {@code footer} below the block from now on. */
  public void footer(String footer) {
    this.footer = footer;
  }

  @Override
  public void on(RunEvent event) {
    Remark.of(event, views.get()).ifPresent(this::remark);
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
      block.draw(text.block(views.get(), footer));
    }
  }

  private void followWidth() {
    try {
      Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
      measure(terminal);
      var _ = timer.scheduleAtFixedRate(() -> measure(terminal), 1, 1, TimeUnit.SECONDS);
    } catch (IOException _) {
      columns = 100;
    }
  }

  private void measure(Terminal terminal) {
    int width = terminal.getSize().getColumns();
    columns = width > 0 ? width : 100;
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
      block.draw(text.block(views.get(), ""));
    }
  }

  /** What the block would show now. */
  List<String> lines() {
    return text.block(views.get(), footer);
  }
}
