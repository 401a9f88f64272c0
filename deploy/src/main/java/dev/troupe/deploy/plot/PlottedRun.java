package dev.troupe.deploy.plot;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A run in a plot.
 *
 * @param label how it is called there
 * @param recipe what it shares with runs of the same recipe but for the seed, if that is known
 * @param figures what it wrote down
 */
public record PlottedRun(String label, Optional<SeededRecipe> recipe, RunFigures figures) {
  /**
   * A recipe without what may differ between its seeds.
   *
   * @param name of the recipe
   * @param text all of its values but name and seed
   */
  public record SeededRecipe(String name, String text, String seed) {
    /** Of the recipe in {@code file}, if it is there and can be read. */
    public static Optional<SeededRecipe> read(Path file) {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      try {
        Config recipe = ConfigFactory.parseFile(file.toFile()).resolve();
        return Optional.of(
            new SeededRecipe(
                recipe.hasPath("name") ? recipe.getString("name") : "",
                recipe
                    .withoutPath("name")
                    .withoutPath("seed")
                    .root()
                    .render(ConfigRenderOptions.concise()),
                recipe.hasPath("seed") ? recipe.getString("seed") : ""));
      } catch (ConfigException _) {
        return Optional.empty();
      }
    }
  }
}
