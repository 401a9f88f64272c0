package dev.troupe.rollout.environment.mujoco;

import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.python.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where MuJoCo's library and Gymnasium's models lie on this machine; looked for once, when they are
 * first needed.
 *
 * <p>The library is the one that {@code TROUPE_MUJOCO} names (a file or a folder), else the wheel's
 * beside the Python that {@link Python#find} leads to, else one in {@code ~/.mujoco} or a folder of
 * the system. Models are in the folder {@code TROUPE_MUJOCO_MODELS}, else in the package gymnasium
 * of that Python or beside the library.
 */
public final class MujocoInstallation {
  /** The environment variable that names the library. */
  public static final String LIBRARY_VARIABLE = "TROUPE_MUJOCO";

  /** The environment variable that names the folder of models. */
  public static final String MODELS_VARIABLE = "TROUPE_MUJOCO_MODELS";

  /** What to do where it is missing. */
  public static final String REMEDY =
      "python3 -m venv mj && mj/bin/pip install mujoco==3.3.7 gymnasium, then export"
          + " TROUPE_PYTHON=$PWD/mj/bin/python (or TROUPE_MUJOCO to libmujoco's file and"
          + " TROUPE_MUJOCO_MODELS to the folder of Gymnasium's models)";

  private final Map<String, String> variables;
  private final List<Path> systemFolders;
  private final List<String> looked = new ArrayList<>();
  private boolean searched;
  private Optional<Path> library = Optional.empty();
  private Optional<Path> models = Optional.empty();

  /**
   * @param variables of the process
   */
  public MujocoInstallation(Map<String, String> variables) {
    this(variables, systemFolders());
  }

  /**
   * @param variables of the process
   * @param systemFolders where else the library may lie
   */
  public MujocoInstallation(Map<String, String> variables, List<Path> systemFolders) {
    this.variables = Map.copyOf(variables);
    this.systemFolders = List.copyOf(systemFolders);
  }

  private static List<Path> systemFolders() {
    var folders = new ArrayList<Path>();
    Path home = Path.of(System.getProperty("user.home"), ".mujoco");
    children(home).forEach(each -> folders.add(each.resolve("lib")));
    for (String folder :
        List.of(
            "/usr/local/lib",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/lib",
            "/opt/mujoco/lib",
            "/opt/homebrew/lib")) {
      folders.add(Path.of(folder));
    }
    return folders;
  }

  /** The library's file, if there is one. */
  public synchronized Optional<Path> library() {
    search();
    return library;
  }

  /** The folder of models, if there is one. */
  public synchronized Optional<Path> models() {
    search();
    return models;
  }

  /** Where it was looked, for messages. */
  synchronized String looked() {
    search();
    return String.join("; ", looked);
  }

  /** The functions of the library for {@code environment}. */
  MujocoLibrary open(String environment) {
    return MujocoLibrary.load(
        library()
            .orElseThrow(
                () ->
                    new BadEnvironmentException(
                        "environment ["
                            + environment
                            + "] needs MuJoCo, and there is no libmujoco here. Looked at: "
                            + looked()
                            + ". What helps: "
                            + REMEDY)));
  }

  /**
   * Gymnasium's model of that name.
   *
   * @param sha256 of the model that Gymnasium has had since its v5 tasks
   * @throws BadEnvironmentException if it isn't there or isn't that one
   */
  Path model(String environment, String file, String sha256) {
    Path path =
        models()
            .map(folder -> folder.resolve(file))
            .filter(Files::isRegularFile)
            .orElseThrow(
                () ->
                    new BadEnvironmentException(
                        "environment ["
                            + environment
                            + "] needs Gymnasium's model ["
                            + file
                            + "], and it isn't here. Looked at: "
                            + looked()
                            + ". What helps: "
                            + REMEDY));
    String found = sha256(path);
    if (!found.equals(sha256)) {
      throw new BadEnvironmentException(
          "model ["
              + path
              + "] isn't the one that ["
              + environment
              + "] is defined with: SHA-256 ["
              + found
              + "], expected ["
              + sha256
              + "]. To use it all the same, name it: option xml-file="
              + path);
    }
    return path;
  }

  private static String sha256(Path path) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
      return HexFormat.of().formatHex(digest);
    } catch (IOException e) {
      throw new BadEnvironmentException("model [" + path + "] can't be read: " + e, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void search() {
    if (searched) {
      return;
    }
    searched = true;
    named(LIBRARY_VARIABLE).ifPresent(this::namedLibrary);
    named(MODELS_VARIABLE).ifPresent(folder -> models = Optional.of(folder));
    if (library.isEmpty() || models.isEmpty()) {
      packages();
    }
    if (library.isEmpty() && named(LIBRARY_VARIABLE).isEmpty()) {
      library = systemFolders.stream().flatMap(folder -> inside(folder).stream()).findFirst();
      looked.add("folders " + systemFolders);
    }
    if (models.isEmpty()) {
      models = library.map(MujocoInstallation::beside).filter(Files::isDirectory);
    }
  }

  private Optional<Path> named(String variable) {
    String value = variables.getOrDefault(variable, "");
    return value.isBlank() ? Optional.empty() : Optional.of(Path.of(value));
  }

  /** What somebody named is taken or nothing: another library would be a surprise. */
  private void namedLibrary(Path place) {
    looked.add(LIBRARY_VARIABLE + " [" + place + "]");
    library =
        Files.isDirectory(place)
            ? inside(place).or(() -> inside(place.resolve("lib")))
            : Optional.of(place).filter(Files::isRegularFile);
  }

  private void packages() {
    Optional<Python> python = Python.find(variables);
    if (python.isEmpty()) {
      looked.add(Python.VARIABLE + " and python3 of the path (none)");
      return;
    }
    Map<String, Path> packages = new LinkedHashMap<>();
    try {
      packages.putAll(python.get().packages("mujoco", "gymnasium"));
      looked.add("Python [" + python.get() + "], which has of the two packages " + packages);
    } catch (IOException e) {
      looked.add("Python [" + python.get() + "], which can't be run: " + e.getMessage());
    }
    if (library.isEmpty() && named(LIBRARY_VARIABLE).isEmpty() && packages.containsKey("mujoco")) {
      library = inside(packages.get("mujoco"));
    }
    if (models.isEmpty() && packages.containsKey("gymnasium")) {
      models = Optional.of(assets(packages.get("gymnasium")));
    }
  }

  private static Path assets(Path gymnasium) {
    return gymnasium.resolve("envs").resolve("mujoco").resolve("assets");
  }

  /** The models of a gymnasium that was installed where the library's package is. */
  private static Path beside(Path library) {
    Path twoUp = library.toAbsolutePath().resolve("..").resolve("..").normalize();
    return assets(twoUp.resolve("gymnasium"));
  }

  private static Optional<Path> inside(Path folder) {
    return children(folder).stream()
        .filter(
            path -> path.getFileName().toString().matches("libmujoco\\.(so|dylib|[0-9.]+dylib).*"))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
