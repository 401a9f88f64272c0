package dev.troupe.learner.checkpoint;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.nio.file.Path;

/**
 * A checkpoint whose files were all verified when it was opened.
 *
 * @param ref which one
 * @param directory that holds its files
 */
public record Checkpoint(CheckpointRef ref, Path directory) {
  /** One of its files. */
  public Path file(String name) {
    return directory.resolve(name);
  }
}
