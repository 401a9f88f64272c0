package dev.troupe.deploy.command;

import dev.troupe.deploy.client.ReachedRun;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a paused run go on. */
@Command(
    name = "continue",
    header = "Lets a paused run go on.",
    footer = {
      "%nA run that was stopped goes on with ./troupe submit --resume.",
      "%nExamples:",
      "  ./troupe continue runs/sums",
      "  ./troupe continue sums --to head-1:7355"
    })
final class ContinueCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(
      paramLabel = "RUN",
      description = "Name of the run, or the directory of a train process.")
  private String run = "";

  ContinueCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    try (ReachedRun reached = ReachedRuns.reach(console, cluster, run)) {
      console.line(reached.tell("continue"));
      return ExitCode.DONE;
    }
  }
}
