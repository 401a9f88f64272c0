package dev.troupe.deploy.command;

import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.client.ClusterException;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Screen;
import dev.troupe.deploy.terminal.TerminalWidth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A cluster on the whole terminal. */
@Command(
    name = "watch",
    header = "Shows a cluster on the whole terminal, again and again.",
    footer = {
      "%nq quits; arrow keys, j and k scroll. Where output is no terminal, plain text now and"
          + " then.",
      "%nExamples:",
      "  ./troupe watch --to head-1:7355             nodes, runs, actors, the ledger's law",
      "  ./troupe watch sums --to head-1:7355        one run"
    })
final class WatchCommand implements Callable<Integer> {
  private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);
  private static final Duration ASK_EVERY = Duration.ofSeconds(1);

  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "Name of a run; all if not given.")
  private String run = "";

  @Option(names = "--once", description = "Show it once, as plain text.")
  private boolean once;

  WatchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    AtomicReference<String> notice = new AtomicReference<>("");
    Switchboard messages = new Switchboard(words -> console.err().println(words));
    try (ClusterClient client = cluster.connect(messages)) {
      List<String> first = lines(client, TerminalWidth.of(console));
      if (once || !console.live()) {
        return plainly(client, first);
      }
      messages.to(notice::set);
      AtomicReference<List<String>> newest = new AtomicReference<>(first);
      try (Screen screen = Screen.open()) {
        Thread asking =
            Thread.ofVirtual()
                .name("watch")
                .start(() -> ask(client, screen::columns, newest, notice));
        try {
          screen.show(newest::get, notice::get);
        } finally {
          asking.interrupt();
        }
      }
      return ExitCode.DONE;
    }
  }

  private List<String> lines(ClusterClient client, int width) {
    return ClusterPicture.of(client, run).lines(console, width);
  }

  private int plainly(ClusterClient client, List<String> first) throws InterruptedException {
    first.forEach(console::line);
    while (!once) {
      Thread.sleep(PLAIN_EVERY);
      console.line("");
      lines(client, TerminalWidth.of(console)).forEach(console::line);
    }
    return ExitCode.DONE;
  }

  /** Until it is interrupted: a cluster that is away for long may come back. */
  private void ask(
      ClusterClient client,
      IntSupplier columns,
      AtomicReference<List<String>> newest,
      AtomicReference<String> notice) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          newest.set(lines(client, columns.getAsInt()));
          notice.set("");
        } catch (ClusterException e) {
          notice.set(String.valueOf(e.getMessage()));
        }
        Thread.sleep(ASK_EVERY);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
