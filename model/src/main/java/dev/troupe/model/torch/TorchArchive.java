package dev.troupe.model.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program as other software reads it: {@code torch.jit.load} its archive, people its text. */
public final class TorchArchive {
  private final String text;
  private final byte[] archive;

  private TorchArchive(String text, byte[] archive) {
    this.text = text;
    this.archive = archive;
  }

  /**
   * Composes sources as {@link TorchProgram#compile} does.
   *
   * @param constants what upper-case names stand for; sources declare no attributes
   */
  public static TorchArchive of(
      String name, List<ProgramSource> sources, Map<String, Object> constants) {
    String code = new ProgramText(name, sources, TorchProgram.constants(constants)).code();
    return new TorchArchive(code, ProgramArchive.write(code, Map.of("training", false)));
  }

  /** The composed text, constants filled in. */
  public String text() {
    return text;
  }

  /** Writes the archive. */
  public void writeTo(Path file) throws IOException {
    Files.write(file, archive);
  }
}
