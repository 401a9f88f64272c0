package dev.troupe.actors.runs;

import dev.troupe.actors.journal.Durable;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Small files of properties in the cluster's directory, each written once and as a whole. The first
 * line has the checksum of the others: a disk that loses the end of one must not change what people
 * wanted. Those of releases before that have a date there.
 */
final class OrderFiles {
  private static final String CHECKSUM = "#crc32c=";

  private OrderFiles() {}

  static void write(Path file, Properties properties) throws IOException {
    StringWriter stored = new StringWriter();
    properties.store(stored, null);
    String lines = afterFirst(stored.toString());
    Files.createDirectories(file.toAbsolutePath().getParent());
    Durable.replace(file, CHECKSUM + checksum(lines) + "\n" + lines);
  }

  /** Empty where the file is damaged. */
  static Optional<Properties> read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
    String lines = afterFirst(text);
    boolean old = text.startsWith("#") && !text.startsWith(CHECKSUM) && !lines.isEmpty();
    if (!old && !text.startsWith(CHECKSUM + checksum(lines) + "\n")) {
      return Optional.empty();
    }
    Properties read = new Properties();
    try {
      read.load(new StringReader(lines));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    return Optional.of(read);
  }

  /** Those named by epoch and number in {@code folder}, the greatest first. */
  static List<Path> named(Path folder, String pattern) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> name(file).matches(pattern))
          .sorted(Comparator.comparing(OrderFiles::name).reversed())
          .toList();
    }
  }

  static String name(Path file) {
    return file.getFileName().toString();
  }

  private static String afterFirst(String text) {
    return text.substring(text.indexOf('\n') + 1);
  }

  private static String checksum(String lines) {
    CRC32C checksum = new CRC32C();
    checksum.update(lines.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(checksum.getValue());
  }
}
