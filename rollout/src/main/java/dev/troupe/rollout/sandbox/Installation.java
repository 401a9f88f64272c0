package dev.troupe.rollout.sandbox;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this machine has for a sandbox.
 *
 * @param bubblewrap file of bwrap
 * @param drop what takes root's rights away before bwrap begins; empty for who has none
 * @param filter of system calls
 */
record Installation(Path bubblewrap, List<String> drop, SeccompFilter filter) {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");
  private static final int ANSWER_SECONDS = 30;
  private static final String NOBODY = "65534";

  private static final String INSTALL =
      "Code from a policy is run in bubblewrap and never without it. Install version 0.8 or newer:"
          + " [apt install bubblewrap] (Debian 12, Ubuntu 24.04), [dnf install bubblewrap]"
          + " (Fedora), [apk add bubblewrap] (Alpine), [pacman -S bubblewrap] (Arch), [zypper"
          + " install bubblewrap] (openSUSE); then see [troupe doctor]";

  static final String ALLOW =
      "Allow user namespaces: [sysctl -w user.max_user_namespaces=10000]; on Debian also"
          + " [sysctl -w kernel.unprivileged_userns_clone=1]; on Ubuntu from 24.04 [sysctl -w"
          + " kernel.apparmor_restrict_unprivileged_userns=0] or an AppArmor profile for bwrap; in"
          + " Docker [--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
          + " --security-opt systempaths=unconfined]; in Kubernetes an unconfined seccomp profile"
          + " and [procMount: Unmasked]";

  /**
   * Looks for it.
   *
   * @param environment a process's variables
   */
  static Installation find(Map<String, String> environment) throws SandboxUnavailableException {
    SeccompFilter filter =
        SeccompFilter.of(System.getProperty("os.arch"))
            .orElseThrow(
                () ->
                    new SandboxUnavailableException(
                        "the sandbox knows the system calls of amd64 and aarch64, this is ["
                            + System.getProperty("os.arch")
                            + "]"));
    Path bubblewrap =
        program(environment, "bwrap")
            .orElseThrow(
                () -> new SandboxUnavailableException("there is no bwrap here. " + INSTALL));
    checkVersion(bubblewrap);
    return new Installation(bubblewrap, drop(environment), filter);
  }

  private static void checkVersion(Path bubblewrap) throws SandboxUnavailableException {
    String said = ask(bubblewrap);
    Matcher version = VERSION.matcher(said);
    if (!version.find()) {
      throw new SandboxUnavailableException(
          "[" + bubblewrap + " --version] says [" + said + "], expected a version. " + INSTALL);
    }
    int major = Integer.parseInt(version.group(1));
    int minor = Integer.parseInt(version.group(2));
    if (major == 0 && minor < 8) {
      throw new SandboxUnavailableException(
          "[" + bubblewrap + "] is version [" + version.group() + "]. " + INSTALL);
    }
  }

  private static String ask(Path bubblewrap) throws SandboxUnavailableException {
    try {
      Process process =
          new ProcessBuilder(bubblewrap.toString(), "--version").redirectErrorStream(true).start();
      try {
        process.getOutputStream().close();
        String said =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS);
        return said;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new SandboxUnavailableException(
          "[" + bubblewrap + "] can't be run: " + e.getMessage() + ". " + INSTALL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxUnavailableException("interrupted while bwrap was asked for its version");
    }
  }

  /** Limits on processes don't hold for root, so root is dropped before the jail is built. */
  private static List<String> drop(Map<String, String> environment)
      throws SandboxUnavailableException {
    try {
      if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
        return List.of();
      }
    } catch (IOException e) {
      throw new SandboxUnavailableException("can't tell which user this is: " + e);
    }
    Path setpriv =
        program(environment, "setpriv")
            .orElseThrow(
                () ->
                    new SandboxUnavailableException(
                        "this process is root, and there is no setpriv to run code as nobody:"
                            + " install util-linux ([apk add setpriv] on Alpine), or don't run"
                            + " Troupe as root"));
    return List.of(
        setpriv.toString(), "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--");
  }

  /** Pythons to try, likely ones first. */
  static List<Path> pythons(Map<String, String> environment) {
    Set<Path> found = new LinkedHashSet<>();
    for (String folder : List.of("/usr/bin", "/usr/local/bin")) {
      addPython(found, folder);
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      addPython(found, folder);
    }
    return new ArrayList<>(found);
  }

  private static void addPython(Set<Path> found, String folder) {
    Path program = Path.of(folder, "python3");
    if (program.isAbsolute() && Files.isExecutable(program)) {
      found.add(program);
    }
  }

  private static Optional<Path> program(Map<String, String> environment, String name) {
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path program = Path.of(folder, name);
      if (program.isAbsolute() && Files.isExecutable(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
