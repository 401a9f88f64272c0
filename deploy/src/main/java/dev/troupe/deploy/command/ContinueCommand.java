package dev.troupe.deploy.command;

import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a paused run of a cluster go on. */
@Command(
    name = "continue",
    header = "Lets a paused run of a cluster go on.",
    footer = {
      "%nA run that was stopped goes on with ./troupe submit --resume.",
      "%nExample:",
      "  ./troupe continue sums --to head-1:7355"
    })
final class ContinueCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "RUN", description = "Name of the run.")
  private String run = "";

  ContinueCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (ClusterClient client = cluster.connect(console)) {
      console.line(client.run(run, "continue"));
      return ExitCode.DONE;
    }
  }
}
