package dev.troupe.model.safetensors;

import java.io.IOException;
import java.nio.file.Path;

/** A safetensors file that is not what it should be; the message names file and reason. */
public final class SafetensorsException extends IOException {
  private static final long serialVersionUID = 1;

  SafetensorsException(Path file, String reason) {
    super("safetensors file [" + file + "] is refused: " + reason);
  }
}
