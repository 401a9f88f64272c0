package dev.troupe.actors.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process out of a run directory on the same machine: a lock of the operating system
 * on {@code run.lock}, which dies with its process. Across machines {@link Epochs} hold.
 */
public final class RunLock implements AutoCloseable {

  /** Another process works in this run directory. */
  public static final class HeldException extends RuntimeException {
    private static final long serialVersionUID = 1;

    HeldException(Path root, String holder) {
      super(
          "run directory ["
              + root
              + "] is in use by "
              + (holder.isBlank() ? "another process" : holder.strip())
              + "; stop it first, or choose another directory with --run");
    }
  }

  private final FileChannel channel;
  private final FileLock lock;

  private RunLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Locks {@code root}.
   *
   * @param owner who locks, told to whoever is refused, for example {@code process 4711, started at
   *     2026-01-01T12:00:00Z}
   */
  public static RunLock acquire(Path root, String owner) {
    try {
      Files.createDirectories(root);
      Path file = root.resolve("run.lock");
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new HeldException(root, Files.readString(file));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      return new RunLock(channel, lock);
    } catch (IOException e) {
      throw new UncheckedIOException("locking run directory [" + root + "]", e);
    }
  }

  @Override
  public void close() {
    try (channel) {
      lock.release();
    } catch (IOException e) {
      throw new UncheckedIOException("releasing a run directory", e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }
}
