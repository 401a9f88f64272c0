package dev.troupe.deploy.recipe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the text of the files that hold Python verifiers into the recipe, beside the files' names:
 * it is part of what the run is, goes where its settings go, and counts in its verifier's hash.
 */
final class PythonSources {
  private static final String REWARD = "reward";
  private static final String SETTINGS = "settings";
  private static final String KEY = "reward.settings.file";

  private final Path recipe;

  private PythonSources(Path recipe) {
    this.recipe = recipe;
  }

  static Config included(Config merged, Path recipe) {
    return merged.getValue(REWARD) instanceof ConfigObject reward
        ? merged.withValue(REWARD, new PythonSources(recipe).verifier(reward))
        : merged;
  }

  /** A section with a verifier's name and settings; others may be within those. */
  private ConfigObject verifier(ConfigObject section) {
    if (!(section.get(SETTINGS) instanceof ConfigObject settings)) {
      return section;
    }
    ConfigValue name = section.get("verifier");
    if (name != null && Values.written(name).equals("python")) {
      return section.withValue(SETTINGS, withSource(settings));
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

  /** A file that an option names comes instead of a text that is there. */
  private ConfigObject withSource(ConfigObject settings) {
    ConfigValue file = settings.get("file");
    if (file == null
        || file.valueType() != ConfigValueType.STRING
        || (settings.containsKey("source") && !Origins.isOption(file.origin()))) {
      return settings;
    }
    Path path = NamedFiles.written(recipe, file, KEY);
    try {
      return settings.withValue(
          "source",
          ConfigValueFactory.fromAnyRef(Files.readString(path)).withOrigin(file.origin()));
    } catch (IOException e) {
      throw new RecipeException(
          new Problem(
              Origins.where(file.origin()),
              KEY,
              Values.written(file),
              "a file of Python in UTF-8",
              String.valueOf(e.getMessage())));
    }
  }
}
