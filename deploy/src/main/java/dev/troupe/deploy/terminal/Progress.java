package dev.troupe.deploy.terminal;

import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunListener;
import dev.troupe.deploy.watch.RunPicture;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
  private final RunPicture picture;
  private final ProgressText text;
  private final LiveBlock block;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress").factory());
  private volatile String footer = "";
  private volatile int columns = 100;
  private boolean closed;

  /** Shows {@code picture} from now on. */
  public Progress(Console console, RunPicture picture) {
    this.console = console;
    this.picture = picture;
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
              () -> message(text.line(picture.view())),
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
    switch (event) {
      case RunEvent.PhaseChanged changed -> {
        if (!console.live() || !changed.detail().isEmpty()) {
          message(
              text.doing(picture.view())
                  + (changed.detail().isEmpty() ? "" : " (" + changed.detail() + ")"));
        }
      }
      case RunEvent.EvaluationEnded ended -> message(evaluation(ended));
      case RunEvent.ActorRestarted(String actor, String cause) ->
          message(console.warning("restarted " + actor + ": " + cause));
      case RunEvent.Stalled(String actor, String waitsFor, var since) ->
          message(
              console.warning(
                  "stalled: "
                      + actor
                      + " has waited "
                      + Figures.duration(since)
                      + " for "
                      + waitsFor));
      case RunEvent.StallEnded(var after) ->
          message("goes on after a stall of " + Figures.duration(after));
      case RunEvent.SupervisedStep _,
          RunEvent.UpdateMade _,
          RunEvent.SampleJudged _,
          RunEvent.TrajectoryDropped _,
          RunEvent.LedgerCounted _,
          RunEvent.CheckpointCommitted _ -> {}
    }
  }

  private String evaluation(RunEvent.EvaluationEnded ended) {
    String when =
        switch (ended.occasion()) {
          case BEFORE -> "before reinforcement learning";
          case DURING -> "after " + picture.view().update() + " updates";
          case AFTER -> "at the end";
        };
    String failed = ended.failed() == 0 ? "" : ", " + ended.failed() + " without a verdict";
    return String.format(
        Locale.ROOT,
        "accuracy %s %s%s%s",
        console.bold(Figures.percent(ended.accuracy())),
        when,
        ended.best() ? ", the best so far" : "",
        failed);
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
      block.draw(text.block(picture.view(), footer));
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
      block.draw(text.block(picture.view(), ""));
    }
  }

  /** What the block would show now. */
  List<String> lines() {
    return text.block(picture.view(), footer);
  }
}
