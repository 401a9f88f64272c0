package dev.troupe.rollout.environment.python;

import dev.troupe.rollout.process.WorkerLostException;
import dev.troupe.rollout.process.WorkerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Programs in Python that talk by means of {@code troupe_wire}. */
public final class PythonPrograms {
  private static final String WIRE = "troupe_wire.py";

  private PythonPrograms() {}

  /**
   * Starts one.
   *
   * @param owner beside whose class file the program lies
   * @param name of its file
   * @param variables of the environment, beside this process's own
   * @throws WorkerLostException if it doesn't begin to talk
   */
  public static WorkerProcess start(
      Python python, Class<?> owner, String name, Map<String, String> variables)
      throws WorkerLostException {
    return WorkerProcess.start(
        new WorkerProcess.Launch(
            "its Python",
            "Python [" + python + "]",
            folder -> {
              copy(PythonPrograms.class, WIRE, folder);
              return List.of(python.program().toString(), copy(owner, name, folder).toString());
            },
            variables));
  }

  private static Path copy(Class<?> owner, String name, Path folder) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream source = owner.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(source, name), file);
    }
    return file;
  }
}
