package dev.troupe.rollout.environment.python;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Python interpreter: the one that {@code TROUPE_PYTHON} names, else that of the active virtual
 * or conda environment, else the {@code python3} of the path.
 *
 * @param program its file
 * @param from who named it, for messages
 */
public record Python(Path program, String from) {
  /** The environment variable that names the interpreter. */
  public static final String VARIABLE = "TROUPE_PYTHON";

  private static final int ANSWER_SECONDS = 30;
  private static final String WHERE =
      """
      import importlib.util as u, sys
      for name in sys.argv[1:]:
          found = u.find_spec(name)
          folders = found and found.submodule_search_locations
          print(name + '=' + (list(folders)[0] if folders else found.origin if found else ''))
      """;

  /** The one that {@code environment}, a process's variables, leads to. */
  public static Optional<Python> find(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isBlank()) {
      return Optional.of(named(named, VARIABLE));
    }
    for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      String folder = environment.getOrDefault(variable, "");
      Path program = Path.of(folder, "bin", "python");
      if (!folder.isBlank() && Files.isExecutable(program)) {
        return Optional.of(new Python(program, variable));
      }
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path program = Path.of(folder, "python3");
      if (!folder.isBlank() && Files.isExecutable(program)) {
        return Optional.of(new Python(program, "PATH"));
      }
    }
    return Optional.empty();
  }

  /** One that somebody named: a file, or a folder of a virtual environment. */
  public static Python named(String file, String from) {
    Path path = Path.of(file);
    Path inside = path.resolve("bin").resolve("python");
    return new Python(Files.isExecutable(inside) ? inside : path, from);
  }

  /**
   * The folders of those of these packages that it has.
   *
   * @throws IOException if it can't be run
   */
  public Map<String, Path> packages(String... names) throws IOException {
    var command = new ArrayList<String>(List.of(program.toString(), "-c", WHERE));
    command.addAll(List.of(names));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("Python [" + program + "] can't be asked for its packages");
      }
      var folders = new LinkedHashMap<String, Path>();
      for (String line : said.lines().toList()) {
        int sign = line.indexOf('=');
        if (sign > 0 && sign < line.length() - 1) {
          folders.put(line.substring(0, sign), Path.of(line.substring(sign + 1)));
        }
      }
      return folders;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Python [" + program + "] was asked", e);
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  public String toString() {
    return program + " (" + from + ")";
  }
}
