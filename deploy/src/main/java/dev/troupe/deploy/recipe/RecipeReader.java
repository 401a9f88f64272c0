package dev.troupe.deploy.recipe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.troupe.learner.InitialWeights;
import dev.troupe.protocol.check.NearestName;
import dev.troupe.protocol.run.RunSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads a recipe in four steps, each of which refuses with all that it found: parse, compare the
 * keys with the reference recipe's, bind every key to its type and range, check what keys must obey
 * together. Options beat the recipe, the recipe beats the reference.
 */
public final class RecipeReader {
  private final Processor processor;

  /** A recipe that asks too much of {@code processor} is refused. */
  public RecipeReader(Processor processor) {
    this.processor = processor;
  }

  /**
   * Reads the recipe at {@code file}.
   *
   * @param options {@code key=value} each, as given to {@code --set}
   * @throws RecipeException with everything that is wrong
   */
  public Recipe read(Path file, List<String> options) {
    Config written = parse(file).withoutPath(NamedFiles.SECTION);
    return bind(
        file, written, options, (value, key) -> NamedFiles.written(file, value, key), Map.of());
  }

  /**
   * Reads the resolved recipe that a run directory holds; its files are found by their hashes.
   *
   * @param options {@code key=value} each
   * @throws RecipeException with everything that is wrong
   */
  public Recipe readRun(Path runDirectory, List<String> options) {
    Path file = runDirectory.resolve(Recipe.FILE_NAME);
    Config parsed = parse(file);
    NamedFiles.Locator locator = NamedFiles.bundled(runDirectory, parsed);
    return bind(
        file, parsed.withoutPath(NamedFiles.SECTION), options, locator, NamedFiles.hashes(parsed));
  }

  /**
   * @param bundled hashes of the files that came with a run, by name
   */
  private Recipe bind(
      Path file,
      Config written,
      List<String> options,
      NamedFiles.Locator locator,
      Map<String, String> bundled) {
    Config own = written;
    for (String option : options) {
      own = parseOption(option).withFallback(own);
    }
    refuseUnknown(own);
    Config merged = OwnCodeFiles.included(own.withFallback(Kind.of(own).defaults()), file);
    Map<String, String> initial = initial(merged, bundled);
    Values values = new Values(initial.isEmpty() ? absoluteInitFrom(merged, file) : merged);
    String fileName = String.valueOf(file.getFileName());
    RunSpecification unbundled = Binder.bind(values, fileName, Map.of());
    values.refuse();
    Combinations.check(values, unbundled, processor);
    values.refuse();
    Map<String, Path> paths = new LinkedHashMap<>();
    Map<String, String> hashes = new LinkedHashMap<>();
    for (String key : NamedFiles.keys(unbundled)) {
      ConfigValue value = values.raw(key);
      Path path = locator.locate(value, key);
      paths.put(Values.written(value), path);
      hashes.put(Values.written(value), NamedFiles.hash(path));
    }
    hashes.putAll(initial);
    initial.forEach((name, hash) -> paths.put(name, NamedFiles.bundled(file, hash)));
    RunSpecification run = Binder.bind(values, fileName, hashes);
    return new Recipe(file, run, values, paths);
  }

  static Config parse(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new RecipeException(
          new Problem(
              Origins.shortened(file),
              "",
              Files.isDirectory(file) ? "a folder" : "no such file",
              "a recipe",
              "./troupe recipes lists them"));
    }
    try {
      return ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
          .resolve(ConfigResolveOptions.noSystem());
    } catch (ConfigException e) {
      throw new RecipeException(unreadable(e, Origins.shortened(file)));
    }
  }

  private static Config parseOption(String option) {
    String where = Origins.OPTION + option;
    if (option.indexOf('=') < 1) {
      throw new RecipeException(
          new Problem("--set", "", option, "KEY=VALUE, like learner.learning-rate=1e-4", ""));
    }
    String key = option.substring(0, option.indexOf('=')).strip();
    String value = option.substring(option.indexOf('=') + 1).strip();
    boolean known = Reference.paths().contains(key);
    boolean quoted = value.startsWith("\"");
    if (known
        && !quoted
        && Reference.config().getValue(key).valueType() == ConfigValueType.STRING) {
      return asText(key, value, where);
    }
    try {
      return ConfigFactory.parseString(
              option, ConfigParseOptions.defaults().setOriginDescription(where))
          .resolve(ConfigResolveOptions.noSystem());
    } catch (ConfigException e) {
      if (known && !quoted) {
        // Whoever reads the key says what is expected of it.
        return asText(key, value, where);
      }
      throw new RecipeException(unreadable(e, where));
    }
  }

  /** A text needs no quotes on the command line, whatever it consists of. */
  private static Config asText(String key, String value, String where) {
    return ConfigFactory.empty().withValue(key, ConfigValueFactory.fromAnyRef(value, where));
  }

  private static Problem unreadable(ConfigException e, String source) {
    ConfigOrigin origin = e.origin();
    String where = origin == null ? source : Origins.where(origin);
    String message = String.valueOf(e.getMessage());
    String own = origin == null ? "" : origin.description() + ": ";
    String got = message.startsWith(own) ? message.substring(own.length()) : message;
    return new Problem(where, "", got, "HOCON, like key = value", "");
  }

  private static void refuseUnknown(Config own) {
    List<Problem> problems = new ArrayList<>();
    unknown("", own.root(), Reference.config().root(), problems);
    if (!problems.isEmpty()) {
      throw new RecipeException(problems);
    }
  }

  private static void unknown(
      String prefix, ConfigObject own, ConfigObject known, List<Problem> problems) {
    own.forEach(
        (name, value) -> {
          String path = prefix + name;
          ConfigValue reference = known.get(name);
          String where = Origins.where(value.origin());
          if (Reference.OPEN.contains(path) && value instanceof ConfigObject) {
            return;
          }
          if (reference == null) {
            String nearest = NearestName.of(path, sameKind(value));
            problems.add(
                new Problem(where, path, "an unknown key", "a known one", "nearest: " + nearest));
          } else if (reference instanceof ConfigObject section) {
            if (value instanceof ConfigObject nested) {
              unknown(path + ".", nested, section, problems);
            } else {
              String got = Values.written(value);
              problems.add(
                  new Problem(
                      where, path, got, "a section { ... }", "its keys: " + section.keySet()));
            }
          }
        });
  }

  /** A section is compared with sections, a key with keys. */
  private static List<String> sameKind(ConfigValue value) {
    boolean section = value instanceof ConfigObject;
    Stream<Reference.Key> keys = Reference.keys().stream();
    return keys.filter(key -> key.section() == section).map(Reference.Key::path).toList();
  }

  /** Weights to begin with that came with a run, unless an option names others. */
  private static Map<String, String> initial(Config merged, Map<String, String> bundled) {
    ConfigValue value = merged.getValue(NamedFiles.INIT_FROM);
    String from = Values.written(value);
    Map<String, String> initial = new TreeMap<>(bundled);
    initial.keySet().removeIf(name -> !InitialWeights.isOf(from, name));
    return Origins.isOption(value.origin()) ? Map.of() : initial;
  }

  private static Config absoluteInitFrom(Config merged, Path file) {
    ConfigValue value = merged.getValue(NamedFiles.INIT_FROM);
    if (!(value.unwrapped() instanceof String text) || text.isEmpty()) {
      return merged;
    }
    Path path = NamedFiles.written(file, value, NamedFiles.INIT_FROM);
    ConfigValue absolute = ConfigValueFactory.fromAnyRef(path.toString());
    return merged.withValue(
        ConfigUtil.joinPath("model", "init-from"), absolute.withOrigin(value.origin()));
  }
}
