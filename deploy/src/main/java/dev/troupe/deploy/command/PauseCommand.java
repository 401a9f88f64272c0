package dev.troupe.deploy.command;

import dev.troupe.deploy.client.ReachedRun;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has a run begin nothing new. */
@Command(
    name = "pause",
    header = "Has a run begin nothing new.",
    footer = {
      "%nWhat is under way is finished; ./troupe continue lets it go on.",
      "%nExamples:",
      "  ./troupe pause runs/sums",
      "  ./troupe pause sums --to head-1:7355"
    })
final class PauseCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(
      paramLabel = "RUN",
      description = "Name of the run, or the directory of a train process.")
  private String run = "";

  PauseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    try (ReachedRun reached = ReachedRuns.reach(console, cluster, run)) {
      console.line(reached.tell("pause"));
      return ExitCode.DONE;
    }
  }
}
