package dev.troupe.tests.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Flips bits in the weights that a node has on disk: in the lowest byte of a number here and there,
 * which hardly changes what it samples itself, but must never arrive elsewhere. Closed, it puts
 * back what is still as it left it, for a node that never finds out would go on with it.
 */
final class Rot implements AutoCloseable {
  private static final int EVERY_BYTES = 100_000;
  private static final int FLIP = 0x55;

  private record Flipped(Path file, long position, byte left) {}

  private final Path disk;
  private final Set<Path> seen = new HashSet<>();
  private final List<Flipped> flipped = new ArrayList<>();

  /**
   * @param disk where the node keeps its weights
   */
  Rot(Path disk) {
    this.disk = disk;
  }

  /** Goes through whatever has come since the last time. */
  void spread() {
    try (Stream<Path> files = Files.walk(disk)) {
      files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .filter(seen::add)
          .forEach(this::rot);
    } catch (IOException | UncheckedIOException e) {
      // Files come and go meanwhile; the next look finds those that stay.
    }
  }

  private void rot(Path file) {
    try (FileChannel bytes =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // Numbers of four bytes, the lowest first, end with the file.
      for (long at = bytes.size() - EVERY_BYTES; at > EVERY_BYTES; at -= EVERY_BYTES) {
        byte left = (byte) (read(bytes, at) ^ FLIP);
        write(bytes, at, left);
        flipped.add(new Flipped(file, at, left));
      }
    } catch (IOException e) {
      // It is gone already.
    }
  }

  private static byte read(FileChannel bytes, long at) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    bytes.read(one, at);
    return one.get(0);
  }

  private static void write(FileChannel bytes, long at, byte value) throws IOException {
    bytes.write(ByteBuffer.wrap(new byte[] {value}), at);
  }

  @Override
  public void close() {
    for (Flipped one : flipped) {
      try (FileChannel bytes =
          FileChannel.open(one.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        if (read(bytes, one.position()) == one.left()) {
          write(bytes, one.position(), (byte) (one.left() ^ FLIP));
        }
      } catch (IOException e) {
        // It is gone already.
      }
    }
  }
}
