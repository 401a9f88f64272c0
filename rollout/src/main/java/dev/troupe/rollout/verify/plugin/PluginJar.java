package dev.troupe.rollout.verify.plugin;

import dev.troupe.plugin.Verifier;
import dev.troupe.rollout.verify.Thrown;
import dev.troupe.rollout.verify.worker.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** A jar whose code runs in this process. */
final class PluginJar {
  private final String name;
  private final PluginClasses classes;

  private PluginJar(String name, PluginClasses classes) {
    this.name = name;
    this.classes = classes;
  }

  /**
   * Opens a jar.
   *
   * @param name what messages call it
   * @throws RefusedException if it is none
   */
  static PluginJar open(byte[] content, String name) throws RefusedException {
    try {
      return new PluginJar(name, new PluginClasses(name, content));
    } catch (IOException e) {
      throw new RefusedException("[" + name + "] isn't a jar: " + e.getMessage());
    }
  }

  /** Every verifier that its service file names. */
  List<Verifier<?>> verifiers() throws RefusedException {
    List<Verifier<?>> found = new ArrayList<>();
    try {
      for (Verifier<?> verifier : ServiceLoader.load(Verifier.class, classes)) {
        found.add(checked(verifier));
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new RefusedException("[" + name + "] doesn't load: " + why(e));
    }
    if (found.isEmpty()) {
      throw new RefusedException(
          "[%s] names no verifier in META-INF/services/%s"
              .formatted(name, Verifier.class.getName()));
    }
    return found;
  }

  /**
   * One of them.
   *
   * @param wanted its name, or a class that needs no service file; empty = the only one
   */
  Verifier<?> verifier(String wanted) throws RefusedException {
    if (wanted.contains(".")) {
      return ofClass(wanted);
    }
    List<Verifier<?>> all = verifiers();
    List<Verifier<?>> fitting =
        wanted.isEmpty() ? all : all.stream().filter(each -> each.name().equals(wanted)).toList();
    if (fitting.size() != 1) {
      throw new RefusedException(
          "[%s] has the verifiers %s, got [%s]: name one of them in the setting [verifier]"
              .formatted(name, all.stream().map(Verifier::name).toList(), wanted));
    }
    return fitting.getFirst();
  }

  private Verifier<?> ofClass(String wanted) throws RefusedException {
    try {
      Object made = classes.loadClass(wanted).getConstructor().newInstance();
      if (made instanceof Verifier<?> verifier) {
        return checked(verifier);
      }
      throw new RefusedException(
          "class [%s] of [%s] isn't a %s".formatted(wanted, name, Verifier.class.getName()));
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new RefusedException(
          "class [%s] of [%s] doesn't load: %s".formatted(wanted, name, why(e)));
    }
  }

  private Verifier<?> checked(Verifier<?> verifier) throws RefusedException {
    int builtFor = verifier.builtFor();
    if (builtFor != Verifier.INTERFACE) {
      throw new RefusedException(
          "[%s] was built for version [%d] of the plug-in interface, this Troupe has version [%d]: build it with the interface that ./troupe reward new java writes"
              .formatted(name, builtFor, Verifier.INTERFACE));
    }
    return verifier;
  }

  /** The innermost reason is the one that tells. */
  private static String why(Throwable error) {
    Throwable inner = error;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    return error.getCause() == null ? error.toString() : Thrown.words(inner);
  }
}
