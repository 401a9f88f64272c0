package dev.troupe.deploy.command;

import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.python.Python;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which environment a command is about: where its class is, and its options. */
final class EnvironmentArguments {
  @Option(
      names = "--classpath",
      paramLabel = "PATH",
      description = "Jars and folders with environments of your own, separated as Java does.")
  private String classPath = "";

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "An option of the environment; as often as needed.")
  private Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--python",
      paramLabel = "PATH",
      description =
          "The Python of gym:NAME, with whose packages MuJoCo is looked for, too: its program or"
              + " the folder of its virtual environment. As TROUPE_PYTHON.")
  private @Nullable String python;

  /** Troupe's environments and those on the class path that was given. */
  Environments environments() {
    return Environments.from(classes(), variables(python));
  }

  /** This process's variables, with the Python that was given, if one was. */
  static Map<String, String> variables(@Nullable String python) {
    var variables = new HashMap<>(System.getenv());
    if (python != null) {
      Path program = Python.named(python, "--python").program();
      if (!Files.isExecutable(program) || Files.isDirectory(program)) {
        throw new CommandFailure(
            ExitCode.REFUSED, "--python: got [" + python + "], expected a Python that can be run");
      }
      variables.put(Python.VARIABLE, program.toString());
    }
    return variables;
  }

  private ClassLoader classes() {
    if (classPath.isBlank()) {
      return Environments.class.getClassLoader();
    }
    var places = new ArrayList<URL>();
    for (String place : List.of(classPath.split(File.pathSeparator))) {
      places.add(place(Path.of(place)));
    }
    // Stays open as long as the process: its classes are loaded when they are needed.
    return new URLClassLoader(places.toArray(URL[]::new), Environments.class.getClassLoader());
  }

  EnvironmentSource find(String name) {
    return environments().find(name, options);
  }

  /** For commands that have found out that none of this is theirs to say. */
  void refuse(String instead) {
    if (!options.isEmpty() || !classPath.isBlank() || python != null) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "--option, --classpath and --python are for environments that are named by id or class:"
              + " for a run, "
              + instead);
    }
  }

  private static URL place(Path path) {
    if (!Files.exists(path)) {
      throw new CommandFailure(
          ExitCode.REFUSED, "--classpath: there is no jar or folder [" + path + "]");
    }
    URI uri = path.toAbsolutePath().toUri();
    try {
      return uri.toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("every file has an address", e);
    }
  }
}
