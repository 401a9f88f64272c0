package dev.troupe.deploy.command;

import dev.troupe.deploy.recipe.Recipes;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists recipes. */
@Command(
    name = "recipes",
    header = "Lists the recipes at hand, or every key that a recipe may have.",
    footer = {
      "%nExamples:",
      "  ./troupe recipes               the recipes in recipes/",
      "  ./troupe recipes --keys        every key, its default and what it means"
    })
final class RecipesCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--keys", description = "Print the reference recipe: every key with its default.")
  private boolean keys;

  RecipesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (keys) {
      console.out().print(Recipes.reference());
      return ExitCode.DONE;
    }
    Path folder = Home.path().resolve("recipes");
    var found = Recipes.in(folder);
    if (found.isEmpty()) {
      throw new CommandFailure(ExitCode.FAILED, "no recipe (*.conf) in [" + folder + "]");
    }
    int width = found.stream().mapToInt(recipe -> recipe.file().length()).max().orElse(0);
    for (Recipes.Listed recipe : found) {
      console.format(
          "%s  %s", console.bold(String.format("%-" + width + "s", recipe.file())), recipe.title());
    }
    console.line("");
    console.line("./troupe explain RECIPE shows all of its keys, ./troupe train RECIPE runs it.");
    return ExitCode.DONE;
  }
}
