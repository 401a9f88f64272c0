package dev.troupe.rollout.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How a jail is built: the command line that puts a Python into one.
 *
 * <p>Every namespace is new (users, processes, network, mounts, host name, IPC, control groups).
 * The root is read-only and has {@code /usr}, the Python, {@code /proc} of the jail's own processes
 * and a few devices; {@code /tmp} is the scratch folder, in memory, gone with the jail. Nothing of
 * the environment is handed on. All dies with the first process, that one with bwrap, and bwrap
 * with the thread that started it.
 */
final class Jail {
  private static final List<String> SYSTEM = List.of("bin", "sbin", "lib", "lib32", "lib64");
  private static final List<String> PERHAPS =
      List.of("/etc/ld.so.cache", "/etc/alternatives", "/nix/store");
  private static final Path USR = Path.of("/usr");
  private static final String FILTER_FILE = "9";
  private static final String SUPERVISOR = source("supervisor.py") + source("function_tests.py");

  private Jail() {}

  /**
   * A command.
   *
   * @param filter file with the program that filters system calls
   * @param hasPackages whether Python sees what is installed beside it
   */
  static ProcessBuilder command(
      Installation installation,
      Path filter,
      Path python,
      boolean hasPackages,
      SandboxLimits limits) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("/bin/sh", "-c", "exec \"$@\" " + FILTER_FILE + "<\"$0\"", filter.toString()));
    command.addAll(installation.drop());
    command.add(installation.bubblewrap().toString());
    command.addAll(
        List.of("--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent"));
    command.addAll(List.of("--new-session", "--as-pid-1", "--hostname", "sandbox"));
    command.addAll(List.of("--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"));
    command.addAll(List.of("--seccomp", FILTER_FILE));
    addFiles(command, python);
    command.addAll(List.of("--size", Long.toString(limits.scratchBytes()), "--tmpfs", "/tmp"));
    command.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp", "--"));
    command.add(python.toString());
    command.addAll(hasPackages ? List.of("-s", "-B") : List.of("-S", "-s", "-B"));
    command.addAll(List.of("-c", SUPERVISOR + "\nmain()\n"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).directory(Path.of("/").toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("HOME", "/tmp");
    environment.put("TMPDIR", "/tmp");
    environment.put("LANG", "C.UTF-8");
    environment.put("PYTHONUTF8", "1");
    // The same program gets the same verdict: sets and dictionaries keep one order.
    environment.put("PYTHONHASHSEED", "0");
    return builder;
  }

  private static void addFiles(List<String> command, Path python) {
    command.addAll(List.of("--ro-bind", "/usr", "/usr"));
    for (String name : SYSTEM) {
      Path folder = Path.of("/", name);
      if (Files.isSymbolicLink(folder)) {
        command.addAll(List.of("--symlink", "usr/" + name, folder.toString()));
      } else if (Files.isDirectory(folder)) {
        command.addAll(List.of("--ro-bind", folder.toString(), folder.toString()));
      }
    }
    for (String file : PERHAPS) {
      command.addAll(List.of("--ro-bind-try", file, file));
    }
    Path folder = python.getParent();
    Path home = folder == null ? null : folder.getParent();
    if (home != null && home.getNameCount() > 0 && !home.startsWith(USR)) {
      command.addAll(List.of("--ro-bind", home.toString(), home.toString()));
    }
    command.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
  }

  private static String source(String name) {
    try (InputStream source = Jail.class.getResourceAsStream(name)) {
      return new String(
          Objects.requireNonNull(source, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
