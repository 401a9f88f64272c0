package dev.troupe.actors.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where everything of a run is on disk. */
public record RunDirectory(Path root) {
  public RunDirectory {
    root = root.toAbsolutePath().normalize();
  }

  /** The resolved recipe. */
  public Path recipe() {
    return root.resolve("recipe.conf");
  }

  public Path journal() {
    return root.resolve("journal");
  }

  public Path checkpoints() {
    return root.resolve("checkpoints");
  }

  public Path metrics() {
    return root.resolve("metrics");
  }

  public Path epochs() {
    return root.resolve("epochs");
  }

  /** What the recipe named, by content hash. */
  public Path files() {
    return root.resolve("files");
  }

  /** What the run came to, for programs. */
  public Path summary() {
    return root.resolve("summary.json");
  }

  /** Makes the directories that are missing. */
  public RunDirectory create() {
    try {
      for (Path directory : new Path[] {journal(), checkpoints(), metrics(), epochs(), files()}) {
        Files.createDirectories(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("making run directory [" + root + "]", e);
    }
    return this;
  }
}
