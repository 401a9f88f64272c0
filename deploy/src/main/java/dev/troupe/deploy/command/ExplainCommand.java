package dev.troupe.deploy.command;

import dev.troupe.actors.runs.Estimate;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.RunSpecification;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a recipe resolved, and what it will need. */
@Command(
    name = "explain",
    header = "Shows a recipe's values with their origins, and what memory and disk it needs.",
    footer = {
      "%nExamples:",
      "  ./troupe explain recipes/sums.conf",
      "  ./troupe explain recipes/sums.conf --set replay.groups=128 --changed",
      "  ./troupe explain recipes/sums.conf --conf > my-recipe.conf   every default written out"
    })
final class ExplainCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private RecipeOptions options = new RecipeOptions();

  @Parameters(paramLabel = "RECIPE", description = "The recipe's file.")
  private Path file = Path.of("");

  @Option(names = "--changed", description = "Only keys that differ from their default.")
  private boolean changed;

  @Option(names = "--conf", description = "Print the resolved recipe itself, as a recipe.")
  private boolean conf;

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Recipe recipe = options.read(file);
    if (conf) {
      console.out().print(recipe.text());
      return ExitCode.DONE;
    }
    values(recipe);
    RunSpecification run = recipe.specification();
    Estimate estimate = Estimate.of(run);
    batches(run, estimate);
    needs(run, estimate);
    return ExitCode.DONE;
  }

  private void values(Recipe recipe) {
    List<Recipe.Entry> entries =
        recipe.entries().stream().filter(entry -> !changed || !entry.isDefault()).toList();
    int keys = entries.stream().mapToInt(entry -> entry.key().length()).max().orElse(0);
    int values = entries.stream().mapToInt(entry -> entry.value().length()).max().orElse(0);
    for (Recipe.Entry entry : entries) {
      String key = pad(entry.key(), keys);
      String value = pad(entry.value(), Math.min(40, values));
      String where = entry.isDefault() ? console.faint(entry.where()) : entry.where();
      console.line((entry.isDefault() ? key : console.bold(key)) + "  " + value + "  " + where);
    }
  }

  private void batches(RunSpecification run, Estimate estimate) {
    console.line("");
    console.line(console.bold("Batches"));
    if (run.control().isPresent()) {
      fragments(run, run.control().get().environment(), estimate);
      return;
    }
    ReplaySpecification replay = run.replay();
    console.format(
        "  %d groups x %d = %d trajectories an update, at most %s tokens of answers",
        replay.groups(),
        replay.groupSize(),
        replay.batchTrajectories(),
        Figures.count((double) replay.batchTrajectories() * run.sampling().newTokensMax()));
    console.format(
        "  %d optimizer step%s an update, each of %d micro-batch%s",
        estimate.optimizerSteps(),
        estimate.optimizerSteps() == 1 ? "" : "s",
        estimate.microBatches(),
        estimate.microBatches() == 1 ? "" : "es");
    console.format(
        "  at most (%d + 1) x %d = %d trajectories under way, so that none is older than %d"
            + " update%s",
        replay.policyLagMax(),
        replay.batchTrajectories(),
        estimate.outstandingMax(),
        replay.policyLagMax(),
        replay.policyLagMax() == 1 ? "" : "s");
    if (estimate.trajectories() > 0) {
      console.format("  about %s trajectories in all", Figures.count(estimate.trajectories()));
    }
  }

  private void fragments(
      RunSpecification run, EnvironmentSpecification environment, Estimate estimate) {
    int fragments = run.replay().groups();
    long steps = (long) environment.fragmentSteps() * fragments;
    console.format(
        "  %d fragment%s of %d steps of %d environments: %s steps an update",
        fragments,
        fragments == 1 ? "" : "s",
        environment.steps(),
        environment.count(),
        Figures.count(steps));
    console.format(
        "  %d optimizer step%s an update",
        estimate.optimizerSteps(), estimate.optimizerSteps() == 1 ? "" : "s");
    console.format(
        "  at most (%d + 1) x %d fragments under way, so that none is older than %d update%s",
        run.replay().policyLagMax(),
        fragments,
        run.replay().policyLagMax(),
        run.replay().policyLagMax() == 1 ? "" : "s");
    if (run.stop().updates() > 0) {
      console.format(
          "  at most %d updates, %s steps",
          run.stop().updates(), Figures.count((double) run.stop().updates() * steps));
    }
  }

  private void needs(RunSpecification run, Estimate estimate) {
    console.line("");
    console.line(console.bold("Needs"));
    int samplers = run.runtime().rolloutActors();
    console.format(
        "  %s parameters%s",
        Figures.count(estimate.parameters()),
        run.control().isPresent() ? "" : ", vocabulary of " + estimate.vocabulary());
    console.format(
        "  memory about %s: learner %s, samplers %s, the process itself %s",
        Figures.bytes(estimate.memoryBytes(samplers)),
        Figures.bytes(estimate.learnerBytes()),
        Figures.bytes(estimate.samplerBytes(samplers)),
        Figures.bytes(estimate.processBytes()));
    console.format(
        "  disk about %s for %d + 1 checkpoints, %s for the journal",
        Figures.bytes(estimate.checkpointBytes() * (run.checkpoints().keep() + 1L)),
        run.checkpoints().keep(),
        estimate.journalBytes() == 0 ? "an open amount" : Figures.bytes(estimate.journalBytes()));
    run.files().forEach((name, hash) -> console.format("  file %s, SHA-256 %s", name, hash));
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
