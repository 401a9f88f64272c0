package dev.troupe.actors.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Small files that are there whole or not at all, also after a power failure. */
public final class Durable {
  private Durable() {}

  /** Creates {@code file}, failing if it exists. */
  static void createNew(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
    syncDirectory(file.getParent());
  }

  /** Writes aside, then renames over {@code file}. */
  public static void replace(Path file, String text) throws IOException {
    replace(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes aside, then renames over {@code file}. */
  public static void replace(Path file, byte[] content) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(aside);
    try {
      write(aside, content, StandardOpenOption.CREATE_NEW);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
    syncDirectory(file.getParent());
  }

  /** Whatever anyone has written to {@code file} is on the disk. */
  static void syncFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(false);
    }
  }

  static void syncDirectory(@Nullable Path directory) throws IOException {
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void write(Path file, byte[] content, StandardOpenOption option)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, option, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
