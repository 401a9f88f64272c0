package dev.troupe.deploy.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The recipes at hand. */
public final class Recipes {
  /**
   * A recipe in a list.
   *
   * @param file as one would type it
   * @param title first line of its comment
   */
  public record Listed(String file, String title) {}

  private Recipes() {}

  /** The recipes of a folder and of those in it, by name. */
  public static List<Listed> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files;
    try (Stream<Path> entries = Files.walk(folder, 2)) {
      files = entries.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
    List<Listed> listed = new ArrayList<>();
    for (Path file : files) {
      String title =
          Files.readAllLines(file).stream()
              .takeWhile(line -> line.startsWith("#"))
              .map(line -> line.substring(1).strip())
              .filter(line -> !line.isEmpty())
              .findFirst()
              .orElse("");
      listed.add(new Listed(Origins.shortened(file), title));
    }
    return listed;
  }

  /** The reference recipe, as text: every key, its default and its comment. */
  public static String reference() {
    return Reference.text();
  }
}
