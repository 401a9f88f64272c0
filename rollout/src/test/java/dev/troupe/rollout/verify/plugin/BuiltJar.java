package dev.troupe.rollout.verify.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Jars of plug-ins, compiled from their text as their authors would. */
final class BuiltJar {
  private static final String SERVICE = "META-INF/services/dev.troupe.plugin.Verifier";

  private BuiltJar() {}

  /** A verifier {@code name} in class {@code acme.Mine}, which judges by {@code body}. */
  static Path judging(Path folder, String name, String body) throws IOException {
    return judging(folder, name, body, "");
  }

  /**
   * The same.
   *
   * @param members further members of the class
   */
  static Path judging(Path folder, String name, String body, String members) throws IOException {
    return of(folder, name, "INTERFACE", body, members, "acme.Mine");
  }

  /**
   * The same.
   *
   * @param builtFor version of the interface, an expression
   * @param service content of the service file; empty = there is none
   */
  static Path of(
      Path folder, String name, String builtFor, String body, String members, String service)
      throws IOException {
    String source =
        """
        package acme;

        import dev.troupe.plugin.Verifier;
        import java.util.*;

        public final class Mine implements Verifier<Mine.Settings> {
          public record Settings(
              @Setting(means = "The word.", standard = "therefore") String word,
              @Setting(means = "What it is worth.", standard = "1") double worth) {
            public Settings {
              if (worth < 0) throw new IllegalArgumentException("worth something");
            }
          }

          public record Found(String word, int at) implements Detail {
            public String words() { return "'" + word + "' at " + at; }
          }

          public int builtFor() { return %s; }
          public String name() { return "%s"; }
          public String version() { return "3"; }
          public String about() { return "a test's"; }
          public Class<Settings> settings() { return Settings.class; }
          public List<Class<?>> details() { return List.of(Found.class); }
          public Judge open(Settings settings) {
            return (task, completion) -> {
              %s
            };
          }
          %s
        }
        """
            .formatted(builtFor, name, body, members);
    Path work = Files.createTempDirectory(folder, "build");
    Path file = Files.createDirectories(work.resolve("acme")).resolve("Mine.java");
    Files.writeString(file, source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path classes = Files.createDirectories(work.resolve("classes"));
    int code =
        compiler.run(
            null,
            null,
            null,
            "-nowarn",
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            file.toString());
    assertThat(code).as(source).isZero();
    Map<String, byte[]> entries = new TreeMap<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        entries.put(classes.relativize(each).toString(), Files.readAllBytes(each));
      }
    }
    if (!service.isEmpty()) {
      entries.put(SERVICE, service.getBytes(StandardCharsets.UTF_8));
    }
    return packed(folder.resolve(name + ".jar"), entries);
  }

  static Path packed(Path jar, Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out)) {
      for (var entry : List.copyOf(entries.entrySet())) {
        packed.putNextEntry(new ZipEntry(entry.getKey()));
        packed.write(entry.getValue());
      }
    }
    return jar;
  }
}
