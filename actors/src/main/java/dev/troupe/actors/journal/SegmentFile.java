package dev.troupe.actors.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A segment that is being written; tests put a failing disk behind it. */
interface SegmentFile extends Closeable {

  /** Writes all of {@code bytes} at the end. */
  void write(ByteBuffer bytes) throws IOException;

  /** Returns when everything written is on the disk. */
  void force() throws IOException;

  /** Makes segments. */
  interface Maker {
    /** A file that must not exist yet. */
    SegmentFile create(Path file) throws IOException;
  }

  /** On a real disk; the directory is synced, so that the file is found after a power failure. */
  static SegmentFile onDisk(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Durable.syncDirectory(file.toAbsolutePath().getParent());
    return new SegmentFile() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }

      @Override
      public void force() throws IOException {
        channel.force(false);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
