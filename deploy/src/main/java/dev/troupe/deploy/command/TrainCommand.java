package dev.troupe.deploy.command;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.history.RunState;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.ResumeRules;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains. */
@Command(
    name = "train",
    header = "Trains by a recipe, in this process, with live progress.",
    footer = {
      "%nCtrl-C finishes what is under way, makes a checkpoint and says how to go on;",
      "a second one stops at once (and is as safe as kill -9).",
      "%nExamples:",
      "  ./troupe train recipes/sums.conf",
      "  ./troupe train recipes/sums.conf --set learner.learning-rate=1e-4 --run runs/slower",
      "  ./troupe train recipes/sums.conf --resume                     go on with the latest run",
      "  ./troupe train runs/sums --resume --set stop.updates=200      go on for longer"
    })
final class TrainCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private RecipeOptions options = new RecipeOptions();

  @Parameters(
      paramLabel = "RECIPE",
      description = "The recipe's file; with --resume, a run directory will do, too.")
  private Path file = Path.of("");

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "The run directory; runs/NAME of the recipe if not given.")
  private @Nullable Path run;

  @Option(names = "--resume", description = "Go on with a run after a crash or an interruption.")
  private boolean resume;

  @Option(
      names = "--from-checkpoint",
      paramLabel = "STEP",
      description = "Go on from an earlier kept checkpoint (with --resume).")
  private @Nullable Long fromCheckpoint;

  @Option(names = "--no-page", description = "Serve no live page.")
  private boolean noPage;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of the live page; any free one if not given.")
  private int port;

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (fromCheckpoint != null && !resume) {
      throw new CommandFailure(ExitCode.REFUSED, "--from-checkpoint needs --resume");
    }
    Optional<Path> chosen = Optional.ofNullable(run);
    TrainingSession.Page page = new TrainingSession.Page(!noPage, port);
    OptionalLong from =
        fromCheckpoint == null ? OptionalLong.empty() : OptionalLong.of(fromCheckpoint);
    if (!resume) {
      Recipe recipe = options.read(file);
      RunDirectory directory = RunDirectories.fresh(console, chosen, recipe);
      return new TrainingSession(console, recipe, directory, Optional.empty(), from, page).run();
    }
    boolean byDirectory = Files.isDirectory(file);
    Optional<Recipe> named = byDirectory ? Optional.empty() : Optional.of(options.read(file));
    RunDirectory directory =
        named
            .map(recipe -> RunDirectories.existing(chosen, recipe.specification().name()))
            .orElseGet(() -> RunDirectories.of(file));
    Recipe before = RecipeOptions.readUnchanged(directory.root());
    Recipe recipe = named.orElseGet(() -> options.readRun(directory.root()));
    ResumeRules.check(before, recipe, () -> updatesMade(directory, before));
    return new TrainingSession(console, recipe, directory, Optional.of(before), from, page).run();
  }

  private static long updatesMade(RunDirectory directory, Recipe recipe) throws IOException {
    return RunState.read(directory, recipe.specification()).trainedBatches();
  }
}
