package dev.troupe.deploy.recipe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.rollout.verify.UnknownVerifierException;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Settings of a verifier that are written on a command line, as a recipe would. */
public final class WrittenSettings {
  private WrittenSettings() {}

  /**
   * The verifier of that name and version, with settings as one writes them on a command line:
   * {@code extract = strict}, or a file with a section's content. Files of code that they name are
   * read, and are part of it from here on; relative ones are found beside that file, or from where
   * the command was typed.
   *
   * @param option that they were given with, for messages
   * @throws RecipeException where it isn't HOCON, or a file can't be read
   * @throws UnknownVerifierException for a name or version that doesn't exist
   * @throws BadSettingsException for settings that it can't have
   */
  public static VerifierVersion verifier(
      String option, String name, String version, String written) {
    Path file = Path.of(isFile(written) ? written : Recipe.FILE_NAME).toAbsolutePath();
    Config settings = isFile(written) ? RecipeReader.parse(file) : config(option, written);
    ConfigObject section =
        ConfigFactory.empty()
            .withValue("verifier", ConfigValueFactory.fromAnyRef(name))
            .withValue("settings", settings.root())
            .root();
    Config whole = OwnCodeFiles.included(ConfigFactory.empty().withValue("reward", section), file);
    String resolved =
        Verifiers.resolve(
            name, version, Values.json(whole.getValue("reward.settings")).getAsJsonObject());
    return new VerifierVersion(Verifiers.ref(name, version, resolved), resolved);
  }

  private static boolean isFile(String written) {
    return !written.isBlank() && !written.contains("\n") && Files.isRegularFile(Path.of(written));
  }

  private static Config config(String option, String written) {
    try {
      return ConfigFactory.parseString(
              written, ConfigParseOptions.defaults().setOriginDescription(option))
          .resolve();
    } catch (ConfigException e) {
      throw new RecipeException(
          new Problem(option, "", written, "HOCON, like extract = strict", ""));
    }
  }
}
