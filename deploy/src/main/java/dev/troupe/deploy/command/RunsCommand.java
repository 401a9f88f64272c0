package dev.troupe.deploy.command;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.terminal.ClusterText;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.TerminalWidth;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The runs of a cluster. */
@Command(
    name = "runs",
    header = "Lists the runs of a cluster.",
    footer = {"%nExample:", "  ./troupe runs --to head-1:7355"})
final class RunsCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  RunsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (ClusterClient client = cluster.connect(console)) {
      List<ClusterView.Run> runs = client.view().runs();
      if (runs.isEmpty()) {
        console.line("no runs yet; ./troupe submit RECIPE" + cluster.typed() + " submits one");
      } else {
        new ClusterText(console, TerminalWidth.of(console)).runs(runs).forEach(console::line);
      }
      return ExitCode.DONE;
    }
  }
}
