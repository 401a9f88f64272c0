package dev.troupe.model.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * One file of program text.
 *
 * @param name shown in error messages, for example {@code decoder.py}
 * @param text PyTorch text as {@link TorchProgram} describes it
 */
public record ProgramSource(String name, String text) {

  /** The text of a resource; a path without a leading slash is relative to {@code owner}. */
  public static ProgramSource resource(Class<?> owner, String path) {
    try (InputStream in = owner.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "program resource [" + path + "] not found beside " + owner.getName());
      }
      String name = path.substring(path.lastIndexOf('/') + 1);
      return new ProgramSource(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read program resource [" + path + "]", e);
    }
  }
}
