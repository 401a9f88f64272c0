package dev.troupe.actors.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * What processes on one host agree on about the files of a directory, by locks of the operating
 * system on one file that stays empty: they die with their process, however it ends.
 *
 * <p>Each name has a region of its own far beyond the file's end: its first byte is locked by
 * whoever fetches or writes the file of that name, and another one by each process that uses it.
 * Whoever can lock the whole region is alone.
 */
final class StoreLocks implements AutoCloseable {
  private static final long REGION = 1L << 22;
  private static final int SLOTS_TRIED = 64;

  private final FileChannel channel;
  private final long firstSlot;

  /**
   * @param process number of this process: users look for a free byte from there on
   */
  StoreLocks(Path file, long process) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    firstSlot = Math.floorMod(process * SLOTS_TRIED, REGION - 2 * SLOTS_TRIED) + 1;
  }

  /** The right to fetch or write {@code name}, unless somebody has it. */
  Optional<FileLock> work(String name) throws IOException {
    return tryLock(region(name), 1);
  }

  /** A mark that this process uses {@code name}; empty while it is being removed. */
  Optional<FileLock> use(String name) throws IOException {
    for (int i = 0; i < SLOTS_TRIED; i++) {
      Optional<FileLock> lock = tryLock(region(name) + firstSlot + i, 1);
      if (lock.isPresent()) {
        return lock;
      }
    }
    return Optional.empty();
  }

  /** All of {@code name}, if nobody works on it or uses it. */
  Optional<FileLock> alone(String name) throws IOException {
    return tryLock(region(name), REGION);
  }

  static void release(FileLock lock) {
    try {
      lock.release();
    } catch (IOException _) {
      // The channel is closed, and the lock with it.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private Optional<FileLock> tryLock(long at, long size) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock(at, size, false));
    } catch (OverlappingFileLockException _) {
      return Optional.empty();
    }
  }

  /** 40 bits of the name's hash: two names that share a region would only wait for each other. */
  private static long region(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return (ByteBuffer.wrap(hash).getLong() >>> 24) * REGION;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
