package dev.troupe.actors.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

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

  /** Whether a cluster made it: its head decides what becomes of the run. */
  public boolean isOfCluster() {
    return Files.exists(root.resolve("specification.pb"));
  }

  /** Whether a run has begun here. */
  public boolean holdsRun() {
    if (!Files.isDirectory(journal())) {
      return false;
    }
    try (Stream<Path> files = Files.list(journal())) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException("listing [" + journal() + "]", e);
    }
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
