package dev.troupe.deploy.command;

import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Environments;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** Troupe's environments and those on the class path that was given. */
  Environments environments() {
    if (classPath.isBlank()) {
      return Environments.standard();
    }
    var places = new ArrayList<URL>();
    for (String place : List.of(classPath.split(File.pathSeparator))) {
      places.add(place(Path.of(place)));
    }
    // Stays open as long as the process: its classes are loaded when they are needed.
    return Environments.from(
        new URLClassLoader(places.toArray(URL[]::new), Environments.class.getClassLoader()));
  }

  EnvironmentSource find(String name) {
    return environments().find(name, options);
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
