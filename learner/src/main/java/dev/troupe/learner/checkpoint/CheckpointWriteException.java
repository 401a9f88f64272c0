package dev.troupe.learner.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint could not be written; nothing of it counts or stays. */
public final class CheckpointWriteException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private CheckpointWriteException(Path target, String why, IOException cause) {
    super("checkpoint [" + target + "] could not be written: " + why, cause);
  }

  static CheckpointWriteException unwritable(Path target, long bytesFree, IOException cause) {
    return new CheckpointWriteException(
        target,
        "["
            + cause.getMessage()
            + "]; ["
            + bytesFree
            + "] bytes are free there: make room and resume, earlier checkpoints are untouched",
        cause);
  }

  /** Who takes over removes what its predecessor left unfinished. */
  static CheckpointWriteException overtaken(Path target, IOException cause) {
    return new CheckpointWriteException(
        target, "another process has taken over this run and removed what was half written", cause);
  }
}
