package dev.troupe.deploy.command;

import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has a run of a cluster begin nothing new. */
@Command(
    name = "pause",
    header = "Has a run of a cluster begin nothing new.",
    footer = {
      "%nWhat is under way is finished; ./troupe continue lets it go on.",
      "%nExample:",
      "  ./troupe pause sums --to head-1:7355"
    })
final class PauseCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "RUN", description = "Name of the run.")
  private String run = "";

  PauseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (ClusterClient client = cluster.connect(console)) {
      console.line(client.run(run, "pause"));
      return ExitCode.DONE;
    }
  }
}
