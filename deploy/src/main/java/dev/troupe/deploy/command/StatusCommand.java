package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.client.ClusterClient;
import dev.troupe.deploy.history.LatestFigures;
import dev.troupe.deploy.history.RunState;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.report.EndReport;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
      description = "A run directory; with --to, the name of a run.")
  private String run = "";

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (run.isEmpty() || cluster.isGiven()) {
      try (ClusterClient client = cluster.connect(console)) {
        ClusterPicture.of(client, run).lines(console).forEach(console::line);
        return ExitCode.DONE;
      }
    }
    RunDirectory directory = RunDirectories.of(Path.of(run));
    Recipe recipe = RecipeOptions.readUnchanged(directory.root());
    print(directory, recipe.specification(), RunState.read(directory, recipe.specification()));
    return ExitCode.DONE;
  }

  private void print(RunDirectory directory, RunSpecification specification, RunState state)
      throws IOException {
    console.line(console.bold(specification.name()) + ": " + standing(state));
    console.format(
        "updates      %d of reinforcement learning%s; begun or resumed %d time%s",
        state.trainedBatches(),
        specification.stop().updates() == 0 ? "" : " of " + specification.stop().updates(),
        state.epochs(),
        state.epochs() == 1 ? "" : "s");
    LatestFigures figures = LatestFigures.read(directory.metrics());
    figures.show("evaluation/accuracy").ifPresent(it -> console.line("accuracy     " + it));
    figures.show("reward/mean").ifPresent(it -> console.line("reward       " + it));
    for (String line : EndReport.lines(state.ledger()).subList(0, 2)) {
      console.line("ledger       " + line);
    }
    console.format(
        "checkpoints  %s%s",
        state.checkpoints().isEmpty()
            ? "none"
            : state.checkpoints().stream()
                .map(ref -> Long.toString(ref.update()))
                .collect(Collectors.joining(", ", "of updates ", "")),
        state.committed().map(update -> "; the last that counts is of " + update).orElse(""));
    console.format(
        "disk         %s in %s/",
        Figures.bytes(LatestFigures.bytes(directory.root())), EndReport.here(directory.root()));
  }

  private String standing(RunState state) {
    if (state.holder().isPresent()) {
      return console.good("going on") + " in " + state.holder().get();
    }
    String resume = "./troupe train " + EndReport.here(Path.of(run).toAbsolutePath()) + " --resume";
    return state
        .ended()
        .map(why -> "ended: " + why)
        .orElse(console.warning("interrupted") + "; go on with: " + resume);
  }
}
