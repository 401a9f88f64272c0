package dev.troupe.deploy.command;

import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.terminal.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Trains. */
@Command(name = "train", header = "Runs a recipe in this process.")
final class TrainCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private RecipeOptions options = new RecipeOptions();

  @Parameters(paramLabel = "RECIPE", description = "The recipe's file.")
  private Path file = Path.of("");

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Recipe recipe = options.read(file);
    console.line(recipe.specification().name());
    return ExitCode.DONE;
  }
}
