package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.client.ClusterException;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.TerminalWidth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Where a run or a cluster stands. */
@Command(
    name = "status",
    header = "Tells where a run stands, by its files, or a cluster, by its head.",
    footer = {
      "%nBy files, it works while the run goes on, after its end, and after a crash.",
      "%nExamples:",
      "  ./troupe status runs/sums                      a run directory",
      "  ./troupe status sums                           a run of the cluster on this machine, or"
          + " runs/sums",
      "  ./troupe status                                the cluster on this machine",
      "  ./troupe status --to head-1:7355               nodes, runs, actors, the ledger's law",
      "  ./troupe status sums --to head-1:7355          one run of a cluster"
    })
final class StatusCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "A run directory, or the name of a run of the cluster.")
  private String run = "";

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (run.isEmpty() || cluster.isGiven()) {
      askCluster();
    } else if (RunDirectories.isRun(new RunDirectory(Path.of(run)))) {
      byFiles(Path.of(run));
    } else if (RunDirectories.isName(run)) {
      byName();
    } else {
      byFiles(RunDirectories.of(Path.of(run)).root());
    }
    return ExitCode.DONE;
  }

  private void askCluster() {
    try (ClusterClient client = cluster.connect(console)) {
      ClusterPicture.of(client, run)
          .lines(console, TerminalWidth.of(console))
          .forEach(console::line);
    }
  }

  /** A run of the cluster, else one that {@code train} made here. */
  private void byName() throws IOException {
    try {
      askCluster();
    } catch (ClusterException e) {
      Path folder = RunDirectories.named(run);
      if (!RunDirectories.isRun(new RunDirectory(folder))) {
        throw new ClusterException(
            e.kind(),
            "["
                + run
                + "] is no run directory here, nor is ["
                + folder
                + "]; and as the name of a run of the cluster: "
                + e.getMessage());
      }
      byFiles(folder);
    }
  }

  private void byFiles(Path folder) throws IOException {
    RunDirectory directory = new RunDirectory(folder);
    new RunText(console, directory, RecipeOptions.readUnchanged(directory.root()).specification())
        .lines()
        .forEach(console::line);
  }
}
