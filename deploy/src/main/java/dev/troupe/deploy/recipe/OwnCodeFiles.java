package dev.troupe.deploy.recipe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.troupe.rollout.verify.plugin.PluginSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Puts the content of the files that hold verifiers of the recipe's own into the recipe, beside the
 * files' names: it is part of what the run is, goes where its settings go, and counts in its
 * verifier's hash.
 */
final class OwnCodeFiles {
  private static final String REWARD = "reward";
  private static final String SETTINGS = "settings";

  /** Where jars are that the recipe's folder doesn't have. */
  private static final Path PLUGINS = Path.of("plugins");

  private final Path recipe;

  private OwnCodeFiles(Path recipe) {
    this.recipe = recipe;
  }

  static Config included(Config merged, Path recipe) {
    return merged.getValue(REWARD) instanceof ConfigObject reward
        ? merged.withValue(REWARD, new OwnCodeFiles(recipe).verifier(reward))
        : merged;
  }

  /** A section with a verifier's name and settings; others may be within those. */
  private ConfigObject verifier(ConfigObject section) {
    if (!(section.get(SETTINGS) instanceof ConfigObject settings)) {
      return section;
    }
    ConfigValue name = section.get("verifier");
    String verifier = name == null ? "" : Values.written(name);
    if (verifier.equals("python")) {
      return section.withValue(
          SETTINGS, with(settings, "file", "source", "Python in UTF-8", Files::readString));
    } else if (verifier.equals("java")) {
      // What was said of another jar doesn't hold for this one.
      ConfigObject own =
          isNewer(settings, "jar", "content") ? settings.withoutKey("sha256") : settings;
      return section.withValue(SETTINGS, with(own, "jar", "content", "a jar", OwnCodeFiles::jar));
    }
    if (!(settings.get("members") instanceof ConfigList members)) {
      return section;
    }
    List<ConfigValue> included = new ArrayList<>();
    for (ConfigValue member : members) {
      included.add(member instanceof ConfigObject inner ? verifier(inner) : member);
    }
    ConfigValue all = ConfigValueFactory.fromIterable(included).withOrigin(members.origin());
    return section.withValue(SETTINGS, settings.withValue("members", all));
  }

  /** Reads a file as a setting has it. */
  private interface Reader {
    String read(Path file) throws IOException;
  }

  /** Whether a file is named whose content isn't there: what an option names replaces another. */
  private static boolean isNewer(ConfigObject settings, String fileKey, String contentKey) {
    ConfigValue file = settings.get(fileKey);
    return file != null
        && file.valueType() == ConfigValueType.STRING
        && (!settings.containsKey(contentKey) || Origins.isOption(file.origin()));
  }

  private ConfigObject with(
      ConfigObject settings, String fileKey, String contentKey, String kind, Reader reader) {
    ConfigValue file = settings.get(fileKey);
    if (file == null || !isNewer(settings, fileKey, contentKey)) {
      return settings;
    }
    String key = REWARD + "." + SETTINGS + "." + fileKey;
    try {
      return settings.withValue(
          contentKey,
          ConfigValueFactory.fromAnyRef(reader.read(located(file, fileKey, key)))
              .withOrigin(file.origin()));
    } catch (IOException e) {
      throw new RecipeException(
          new Problem(
              Origins.where(file.origin()),
              key,
              Values.written(file),
              "a file of " + kind,
              String.valueOf(e.getMessage())));
    }
  }

  private Path located(ConfigValue file, String fileKey, String key) {
    Path plugin = PLUGINS.resolve(Values.written(file));
    return fileKey.equals("jar")
            && Files.isReadable(plugin)
            && !Files.isReadable(recipe.resolveSibling(Values.written(file)))
        ? plugin
        : NamedFiles.written(recipe, file, key);
  }

  private static String jar(Path file) throws IOException {
    if (Files.size(file) > PluginSettings.BYTES_MAX) {
      throw new IOException(
          "it has [%d] bytes, and travels with the settings: at most [%d]"
              .formatted(Files.size(file), PluginSettings.BYTES_MAX));
    }
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }
}
