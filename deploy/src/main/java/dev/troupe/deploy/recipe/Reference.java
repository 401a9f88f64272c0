package dev.troupe.deploy.recipe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The reference recipe: every key with its default and its comment, in order. */
final class Reference {
  /** Sections whose keys are whatever an environment, or a verifier, takes. */
  static final Set<String> OPEN = Set.of("environment.options", "reward.settings");

  /** The first of them. */
  static final String OPTIONS = "environment.options";

  private static final String TEXT = resource("reference.conf");
  private static final Config CONFIG =
      ConfigFactory.parseString(TEXT, asDefaults(Origins.REFERENCE));
  private static final List<Key> KEYS = keys("", CONFIG.root());

  /**
   * A line of the reference recipe.
   *
   * @param path of a key, or of a section
   * @param comment lines without their marks
   */
  record Key(String path, boolean section, List<String> comment) {}

  private Reference() {}

  static Config config() {
    return CONFIG;
  }

  /** Sections and keys as they stand in the file; a section comes before its keys. */
  static List<Key> keys() {
    return KEYS;
  }

  static List<String> paths() {
    return KEYS.stream().filter(key -> !key.section()).map(Key::path).toList();
  }

  /** As written. */
  static String text() {
    return TEXT;
  }

  private static List<Key> keys(String prefix, ConfigObject section) {
    List<Key> keys = new ArrayList<>();
    section.entrySet().stream()
        .sorted(
            Comparator.comparingInt(
                (Map.Entry<String, ConfigValue> entry) -> entry.getValue().origin().lineNumber()))
        .forEach(
            entry -> {
              String path = prefix + entry.getKey();
              List<String> comment =
                  entry.getValue().origin().comments().stream().map(String::strip).toList();
              boolean isSection = entry.getValue() instanceof ConfigObject && !OPEN.contains(path);
              keys.add(new Key(path, isSection, comment));
              if (isSection && entry.getValue() instanceof ConfigObject nested) {
                keys.addAll(keys(path + ".", nested));
              }
            });
    return List.copyOf(keys);
  }

  static ConfigParseOptions asDefaults(String description) {
    return ConfigParseOptions.defaults().setOriginDescription(description);
  }

  static String resource(String name) {
    try (InputStream stream = Reference.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
