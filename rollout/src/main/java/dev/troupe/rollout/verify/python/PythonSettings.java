package dev.troupe.rollout.verify.python;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.check.InvalidValueException;
import dev.troupe.rollout.verify.settings.OwnCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What can be set. The file is read once: from then on its text goes wherever the settings go. */
public record PythonSettings(
    @Setting(means = "The file, relative to the recipe's; also its name in messages.") String file,
    @Setting(means = "Text of the file; empty = it is read, and kept with the run.", standard = "")
        String source,
    @Setting(
            means =
                "The function that judges; NAME_batch, for lists, is found where NAME is missing.",
            standard = "verify")
        String function,
    @Setting(means = "Processes; reward.workers should be as many or more.", standard = "2")
        int workers,
    @Setting(means = "Answers that a process is handed at a time.", standard = "64") int batch,
    @Setting(
            means = "MB of address space that a process may have; 0 = no limit.",
            standard = "4096")
        int memory,
    @Setting(
            means =
                "File of the Python, 3.9 or newer; empty = TROUPE_PYTHON, the active environment's,"
                    + " or the python3 of the path.",
            standard = "")
        String python)
    implements OwnCode {
  private static final int SOURCE_MAX = 128 << 10;

  public PythonSettings {
    Check.notBlank("file", file);
    Check.notBlank("function", function);
    Check.within("workers", 1, 1024, workers);
    Check.within("batch", 1, 4096, batch);
    Check.within("memory", 0, 1 << 24, memory);
    if (source.isEmpty()) {
      source = read(Path.of(file));
    }
    Check.that(
        source.length() <= SOURCE_MAX,
        "file",
        "at most [" + SOURCE_MAX + "] characters",
        source.length());
  }

  private static String read(Path path) {
    try {
      return Files.readString(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InvalidValueException("file", "a file of Python that can be read", path.toString());
    }
  }

  /** What messages call the file. */
  String name() {
    return String.valueOf(Path.of(file).getFileName());
  }
}
