package dev.troupe.deploy.command;

import com.typesafe.config.ConfigUtil;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of commands that read a recipe. */
final class RecipeOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a key of the recipe, like learner.learning-rate=1e-4; repeatable.")
  private List<String> overrides = new ArrayList<>();

  Recipe read(Path file) {
    return new RecipeReader(Processor.here()).read(file, overrides);
  }

  /** The same, under another name. */
  Recipe read(Path file, String name) {
    List<String> more = new ArrayList<>(overrides);
    more.add("name=" + ConfigUtil.quoteString(name));
    return new RecipeReader(Processor.here()).read(file, more);
  }

  /** The resolved recipe of a run directory. */
  Recipe readRun(Path runDirectory) {
    return new RecipeReader(Processor.here()).readRun(runDirectory, overrides);
  }

  /** A run's recipe with one value changed, whatever the options say. */
  static Recipe readWith(Path runDirectory, String option) {
    return new RecipeReader(Processor.here()).readRun(runDirectory, List.of(option));
  }

  /** The same, whatever the options say. */
  static Recipe readUnchanged(Path runDirectory) {
    return new RecipeReader(Processor.here()).readRun(runDirectory, List.of());
  }
}
