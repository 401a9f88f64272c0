package dev.troupe.learner.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint could not be written; nothing of it counts or stays. */
public final class CheckpointWriteException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CheckpointWriteException(Path target, long bytesFree, IOException cause) {
    super(
        "checkpoint ["
            + target
            + "] could not be written: ["
            + cause.getMessage()
            + "]; ["
            + bytesFree
            + "] bytes are free there: make room and resume, earlier checkpoints are untouched",
        cause);
  }
}
