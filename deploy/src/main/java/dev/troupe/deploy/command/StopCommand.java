package dev.troupe.deploy.command;

import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Stops a run of a cluster. */
@Command(
    name = "stop",
    header = "Stops a run of a cluster.",
    footer = {
      "%nWhat is under way is finished and a checkpoint made; ./troupe submit --resume goes on.",
      "%nExample:",
      "  ./troupe stop sums --to head-1:7355"
    })
final class StopCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "RUN", description = "Name of the run.")
  private String run = "";

  StopCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (ClusterClient client = cluster.connect(console)) {
      console.line(client.run(run, "stop"));
      return ExitCode.DONE;
    }
  }
}
