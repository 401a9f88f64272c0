package dev.troupe.deploy.recipe;

import com.google.gson.JsonObject;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;

/** Settings of a verifier that are written on a command line, as a recipe would. */
public final class WrittenSettings {
  private WrittenSettings() {}

  /**
   * {@code extract = strict} or a whole section.
   *
   * @param option that they were given with, for messages
   * @throws RecipeException where it isn't HOCON
   */
  public static JsonObject parse(String option, String written) {
    try {
      return Values.json(
              ConfigFactory.parseString(
                      written, ConfigParseOptions.defaults().setOriginDescription(option))
                  .resolve()
                  .root())
          .getAsJsonObject();
    } catch (ConfigException e) {
      throw new RecipeException(
          new Problem(option, "", written, "HOCON, like extract = strict", ""));
    }
  }
}
