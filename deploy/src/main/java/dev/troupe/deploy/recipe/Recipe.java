package dev.troupe.deploy.recipe;

import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import dev.troupe.learner.InitialWeights;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A recipe that was read and found right: its specification, and where each value came from. */
public final class Recipe {
  /** Name of the resolved recipe in a run directory. */
  public static final String FILE_NAME = "recipe.conf";

  private final Path file;
  private final RunSpecification specification;
  private final Values values;
  private final Map<String, Path> files;

  Recipe(Path file, RunSpecification specification, Values values, Map<String, Path> files) {
    this.file = file;
    this.specification = specification;
    this.values = values;
    this.files = Map.copyOf(files);
  }

  /**
   * A key's value.
   *
   * @param value as one would write it
   * @param where file and line, option, or {@code default}
   * @param comment what the key means
   */
  public record Entry(
      String key, String value, String where, boolean isDefault, List<String> comment) {}

  /** Where it was read from. */
  public Path file() {
    return file;
  }

  public RunSpecification specification() {
    return specification;
  }

  /** Finds the files that the specification names. */
  public Function<String, Path> files() {
    return name -> {
      Path path = files.get(name);
      if (path == null && InitialWeights.isOf(specification.model().initFrom(), name)) {
        return Path.of(name);
      }
      if (path == null) {
        throw new IllegalArgumentException(
            "the recipe names the files " + files.keySet() + ", got [" + name + "]");
      }
      return path;
    };
  }

  /**
   * The same with the weights that it begins with among its files, for machines that don't have
   * them. Reads them all, for their hashes.
   *
   * @throws RecipeException if there are none where the recipe says
   */
  public Recipe withInitialWeights() {
    String from = specification.model().initFrom();
    if (from.isEmpty()) {
      return this;
    }
    Map<String, Path> all = new TreeMap<>(files);
    Map<String, String> hashes = new TreeMap<>(specification.files());
    try {
      InitialWeights.files(from)
          .forEach(
              (name, path) -> {
                all.put(name, path);
                hashes.put(name, NamedFiles.hash(path));
              });
    } catch (IllegalArgumentException e) {
      throw new RecipeException(
          new Problem(
              Origins.where(values.raw(NamedFiles.INIT_FROM).origin()),
              NamedFiles.INIT_FROM,
              from,
              "weights",
              String.valueOf(e.getMessage())));
    }
    String fileName = String.valueOf(file.getFileName());
    return new Recipe(file, Binder.bind(values, fileName, hashes), values, all);
  }

  /** Every key, in the reference recipe's order. */
  public List<Entry> entries() {
    return keys().stream().filter(key -> !key.section()).map(key -> entry(key)).toList();
  }

  private Entry entry(Reference.Key key) {
    ConfigValue value = values.raw(key.path());
    return new Entry(
        key.path(),
        rendered(key.path()),
        Origins.where(value.origin()),
        Origins.isReference(value.origin()),
        key.comment());
  }

  /** The resolved recipe: every default written out, with comments; reading it gives this one. */
  public String text() {
    StringBuilder text = new StringBuilder();
    String open = "";
    for (Reference.Key key : keys()) {
      String parent = parentOf(key.path());
      open = close(text, open, parent);
      String indent = "  ".repeat(depth(open));
      if (open.isEmpty() && !text.isEmpty() && key.section()) {
        text.append('\n');
      }
      key.comment().forEach(line -> text.append(indent).append("# ").append(line).append('\n'));
      text.append(indent).append(key.path().substring(parent.isEmpty() ? 0 : parent.length() + 1));
      if (key.section()) {
        text.append(" {\n");
        open = key.path();
      } else {
        text.append(" = ").append(rendered(key.path())).append('\n');
      }
    }
    close(text, open, "");
    return text.append(NamedFiles.section(specification.files())).toString();
  }

  /** Those that concern a run of this kind. */
  private List<Reference.Key> keys() {
    Kind kind = values.kind();
    return Reference.keys().stream().filter(key -> kind.concerns(key.path())).toList();
  }

  Values values() {
    return values;
  }

  /** As one would write it. */
  String rendered(String key) {
    return key.equals("name")
        ? ConfigUtil.quoteString(specification.name())
        : values.asWritten(key);
  }

  private static String close(StringBuilder text, String open, String parent) {
    String current = open;
    while (!current.equals(parent)) {
      current = parentOf(current);
      text.append("  ".repeat(depth(current))).append("}\n");
    }
    return current;
  }

  private static String parentOf(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }

  private static int depth(String section) {
    return section.isEmpty() ? 0 : 1 + (int) section.chars().filter(c -> c == '.').count();
  }

  /** Writes the resolved recipe and the files it names into a run directory. */
  public void writeTo(Path runDirectory) throws IOException {
    Path folder = Files.createDirectories(runDirectory.resolve(NamedFiles.SECTION));
    for (Map.Entry<String, Path> named : files.entrySet()) {
      Path target = folder.resolve(specification.files().getOrDefault(named.getKey(), ""));
      if (!Files.exists(target)) {
        Path aside = folder.resolve(target.getFileName() + ".part");
        Files.copy(named.getValue(), aside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Path aside = runDirectory.resolve(FILE_NAME + ".part");
    Files.writeString(aside, text());
    Files.move(aside, runDirectory.resolve(FILE_NAME), StandardCopyOption.ATOMIC_MOVE);
  }
}
