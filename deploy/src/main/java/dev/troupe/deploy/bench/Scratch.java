package dev.troupe.deploy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The folders that benchmarks work in, on the disk that the program was started from. */
public final class Scratch {
  private static final int TRIES = 50;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

  private final Path parent;
  private final Set<Path> folders = ConcurrentHashMap.newKeySet();

  /**
   * @param parent of the folders
   */
  public Scratch(Path parent) {
    this.parent = parent;
  }

  /** Makes a folder whose name begins with {@code name}. */
  public Folder folder(String name) throws IOException {
    Path path = Files.createTempDirectory(parent, name);
    folders.add(path);
    return new Folder(path);
  }

  /** One folder; deleted, with everything in it, when it is closed. */
  public final class Folder implements AutoCloseable {
    private final Path path;

    private Folder(Path path) {
      this.path = path;
    }

    public Path path() {
      return path;
    }

    @Override
    public void close() throws IOException {
      Folders.delete(path);
      folders.remove(path);
    }
  }

  /** Deletes all that are left, although what works in them may still be writing. */
  public void deleteAll() {
    for (int tries = 0; tries < TRIES && !folders.isEmpty(); tries++) {
      folders.removeIf(Scratch::isDeleted);
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
  }

  private static boolean isDeleted(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException | UncheckedIOException _) {
      // Something was made or deleted meanwhile.
    }
    return Files.notExists(folder);
  }
}
