package dev.troupe.deploy.reward;

import com.google.protobuf.ByteString;
import dev.troupe.plugin.Verifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

/** The files with which somebody begins to write a verifier: they work as they are. */
public final class Skeleton {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
  private static final LocalDateTime PACKED = LocalDateTime.of(2026, 1, 1, 0, 0);

  /** What verifiers are written in. */
  public enum Language {
    JAVA,
    PYTHON
  }

  /**
   * One of the files.
   *
   * @param path within the folder
   * @param about it, for people; empty where it needs no word
   */
  public record Part(String path, String about, ByteString content, boolean executable) {}

  private final String name;
  private final Path folder;

  /**
   * That of a verifier.
   *
   * @param folder where it is to be written, as one types it
   * @throws IllegalArgumentException for a name that it can't have
   */
  public Skeleton(String name, Path folder) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "got [" + name + "], expected small letters, digits and hyphens, a letter first");
    }
    this.name = name;
    this.folder = folder;
  }

  /** What is to be written. */
  public List<Part> parts(Language language) throws IOException {
    return switch (language) {
      case JAVA -> java();
      case PYTHON -> python();
    };
  }

  private List<Part> python() throws IOException {
    List<Part> parts = new ArrayList<>();
    parts.add(text(name + ".py", "what it says of an answer: yours to change", "verifier.py"));
    parts.add(text(name + "_test.py", "its test", "verifier_test.py"));
    parts.addAll(tried("verifier = python", "settings { file = \"" + name + ".py\" }"));
    return parts;
  }

  private List<Part> java() throws IOException {
    String source = "mine/" + className() + ".java";
    String test = "mine/" + className() + "Test.java";
    List<Part> parts = new ArrayList<>();
    parts.add(
        text("src/" + source, "what it says of an answer: yours to change", "Verifier.java.txt"));
    parts.add(text("test/" + test, "its test", "VerifierTest.java.txt"));
    parts.add(
        new Part(
            "build.sh",
            "tests it and packs " + name + ".jar",
            ByteString.copyFromUtf8(template("build.sh")),
            true));
    parts.add(
        new Part(
            "META-INF/services/" + Verifier.class.getName(),
            "names its class",
            ByteString.copyFromUtf8("mine." + className() + "\n"),
            false));
    parts.add(
        new Part("lib/troupe-plugin.jar", "all that it sees of Troupe", interfaceJar(), false));
    parts.addAll(
        tried(
            "verifier = java",
            "settings { jar = \"" + name + ".jar\", settings { partial = 0.5 } }"));
    return parts;
  }

  /** What it is tried with, in whatever language it is. */
  private List<Part> tried(String... reward) throws IOException {
    String recipe = template("recipe.conf").replace("@reward@", String.join("\n  ", reward));
    return List.of(
        text(name + ".jsonl", "answers, with the scores that they should get", "answers.jsonl"),
        new Part(
            name + ".conf", "a recipe that trains by it", ByteString.copyFromUtf8(recipe), false));
  }

  private Part text(String path, String about, String template) throws IOException {
    return new Part(path, about, ByteString.copyFromUtf8(template(template)), false);
  }

  private String template(String file) throws IOException {
    try (InputStream in = Skeleton.class.getResourceAsStream("skeleton/" + file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("@name@", name)
          .replace("@Class@", className())
          .replace("@recipe@", folder.resolve(name + ".conf").toString())
          .replace("@jdk@", System.getProperty("java.home"));
    }
  }

  /** Never a name that the language or the skeleton itself has. */
  private String className() {
    return Arrays.stream(name.split("-", -1))
            .filter(word -> !word.isEmpty())
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining())
        + "Verifier";
  }

  /** What a plug-in is compiled with: it can't come to use what it won't find where it runs. */
  private static ByteString interfaceJar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      for (Class<?> each : Verifier.class.getNestMembers()) {
        String file = each.getName().replace('.', '/') + ".class";
        ZipEntry entry = new ZipEntry(file);
        entry.setTimeLocal(PACKED);
        jar.putNextEntry(entry);
        try (InputStream in = Verifier.class.getResourceAsStream("/" + file)) {
          if (in == null) {
            throw new IllegalStateException(file + " is missing from the class path");
          }
          in.transferTo(jar);
        }
      }
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  /**
   * Writes them, or nothing.
   *
   * @throws FileAlreadyExistsException where one of them is there
   */
  public void write(List<Part> parts) throws IOException {
    for (Part part : parts) {
      Path file = folder.resolve(part.path());
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(file.toString());
      }
    }
    for (Part part : parts) {
      Path file = folder.resolve(part.path());
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(
          file,
          part.content().toByteArray(),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
      if (part.executable() && !file.toFile().setExecutable(true, false)) {
        throw new IOException("can't make [" + file + "] executable");
      }
    }
  }
}
