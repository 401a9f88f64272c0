package dev.troupe.learner.checkpoint;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.nio.file.Path;
import java.util.Optional;

/** A checkpoint's file is not what its manifest says. */
public final class CheckpointDamagedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final transient Optional<CheckpointRef> previousGood;

  CheckpointDamagedException(
      Path file, String expected, String found, Optional<CheckpointRef> previousGood) {
    super(
        "checkpoint file ["
            + file
            + "] is damaged: expected ["
            + expected
            + "], found ["
            + found
            + "]; "
            + previousGood
                .map(good -> "the previous good checkpoint is [" + CheckpointStore.name(good) + "]")
                .orElse("there is no earlier good checkpoint"));
    this.file = file;
    this.previousGood = previousGood;
  }

  /** The damaged or missing file. */
  public Path file() {
    return file;
  }

  /** The newest earlier checkpoint whose files are all as written. */
  public Optional<CheckpointRef> previousGood() {
    return previousGood;
  }
}
