package dev.troupe.deploy.recipe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.TaskSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files that a recipe names. In a recipe they are relative to the file that the name is written
 * in (on the command line: to the working directory); in a run directory they lie under their
 * SHA-256 in {@code files/}, and the section {@code files} of its recipe says which is which.
 */
final class NamedFiles {
  /** Section of a resolved recipe: name as written to hash. */
  static final String SECTION = "files";

  private static final String SECTION_BEGINS =
      "\n# Files that the keys above name, by content: files/SHA-256.\n" + SECTION + " {\n";

  /** Key of weights to begin with: a file or folder, sent along only to where it may not be. */
  static final String INIT_FROM = "model.init-from";

  /** Finds the file that {@code value}, the value of {@code key}, names. */
  interface Locator {
    Path locate(ConfigValue value, String key);
  }

  private NamedFiles() {}

  /** The keys of {@code run} that name files. */
  static List<String> keys(RunSpecification run) {
    List<String> keys = new ArrayList<>();
    if (run.tasks() instanceof TaskSpecification.Jsonl) {
      keys.add("tasks.file");
    }
    if (run.sft().corpus() instanceof SftSpecification.Corpus.Jsonl) {
      keys.add("sft.file");
    }
    if (run.learner().loss().endsWith(".py")) {
      keys.add("learner.loss");
    }
    return keys;
  }

  static Path written(Path recipe, ConfigValue value, String key) {
    String name = Values.written(value);
    String filename = value.origin().filename();
    Path parent = (filename == null ? recipe : Path.of(filename)).toAbsolutePath().getParent();
    Path folder =
        Origins.isOption(value.origin()) || parent == null ? Path.of("").toAbsolutePath() : parent;
    Path path = folder.resolve(name).normalize();
    if (!Files.isReadable(path)) {
      throw missing(value, key, path);
    }
    return path;
  }

  static Locator bundled(Path runDirectory, Config parsed) {
    return (value, key) -> {
      String name = Values.written(value);
      ConfigValue hash = parsed.hasPath(SECTION) ? parsed.getObject(SECTION).get(name) : null;
      if (hash == null || Origins.isOption(value.origin())) {
        return written(runDirectory.resolve(Recipe.FILE_NAME), value, key);
      }
      Path path = runDirectory.resolve(SECTION).resolve(Values.written(hash));
      if (!Files.isReadable(path)) {
        throw missing(value, key, path);
      }
      return path;
    };
  }

  /** A file that came with a run, whose recipe is {@code recipe}. */
  static Path bundled(Path recipe, String hash) {
    return recipe.resolveSibling(SECTION).resolve(hash);
  }

  /** Hashes by name, of a resolved recipe. */
  static Map<String, String> hashes(Config parsed) {
    Map<String, String> hashes = new TreeMap<>();
    if (parsed.hasPath(SECTION)) {
      parsed.getObject(SECTION).forEach((name, hash) -> hashes.put(name, Values.written(hash)));
    }
    return hashes;
  }

  /** The section of a resolved recipe; empty where there are none. */
  static String section(Map<String, String> hashes) {
    if (hashes.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder(SECTION_BEGINS);
    new TreeMap<>(hashes)
        .forEach(
            (name, hash) ->
                text.append("  ")
                    .append(ConfigUtil.quoteString(name))
                    .append(" = ")
                    .append(ConfigUtil.quoteString(hash))
                    .append('\n'));
    return text.append("}\n").toString();
  }

  /** A resolved recipe with other files. */
  static String withSection(String resolved, Map<String, String> hashes) {
    int begins = resolved.lastIndexOf(SECTION_BEGINS);
    return (begins < 0 ? resolved : resolved.substring(0, begins)) + section(hashes);
  }

  private static RecipeException missing(ConfigValue value, String key, Path path) {
    return new RecipeException(
        new Problem(
            Origins.where(value.origin()),
            key,
            Values.written(value),
            "a file that can be read",
            "looked for " + path));
  }

  /** SHA-256, hex. */
  static String hash(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
