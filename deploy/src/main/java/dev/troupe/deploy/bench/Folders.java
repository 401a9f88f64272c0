package dev.troupe.deploy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Scratch folders. */
public final class Folders {
  private Folders() {}

  /** Deletes {@code folder} and everything in it. */
  public static void delete(Path folder) throws IOException {
    List<Path> entries;
    try (Stream<Path> walked = Files.walk(folder)) {
      entries = walked.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path entry : entries) {
      Files.deleteIfExists(entry);
    }
  }
}
