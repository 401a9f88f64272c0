package dev.troupe.tests.ops;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML files of {@code ops/} as JSON. */
final class Yaml {
  /** The folder of the sources. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Yaml() {}

  /** All documents of a file; a key that stands twice is refused. */
  static List<JsonObject> read(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<JsonObject> documents = new ArrayList<>();
    try {
      new org.yaml.snakeyaml.Yaml(new SafeConstructor(options))
          .loadAll(Files.readString(file))
          .forEach(it -> documents.add(new Gson().toJsonTree(it).getAsJsonObject()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return documents;
  }

  /** What is applied to a Kubernetes cluster. */
  static List<JsonObject> manifests() {
    Path folder = ROOT.resolve("ops/kubernetes");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.endsWith("kustomization.yaml"))
          .sorted()
          .flatMap(file -> read(file).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of a kind. */
  static List<JsonObject> manifests(String... kinds) {
    return manifests().stream().filter(it -> List.of(kinds).contains(text(it, "kind"))).toList();
  }

  /** What stands at a path such as {@code spec.template}; JSON's null where nothing does. */
  static JsonElement at(JsonElement from, String path) {
    JsonElement here = from;
    for (String key : path.split("\\.")) {
      if (!here.isJsonObject() || !here.getAsJsonObject().has(key)) {
        return JsonNull.INSTANCE;
      }
      here = here.getAsJsonObject().get(key);
    }
    return here;
  }

  static String text(JsonElement from, String path) {
    JsonElement found = at(from, path);
    return found.isJsonNull() ? "" : found.getAsString();
  }

  /** The members of a list that may be missing. */
  static List<JsonElement> list(JsonElement from, String path) {
    JsonElement found = at(from, path);
    return found.isJsonNull() ? List.of() : ((JsonArray) found).asList();
  }
}
