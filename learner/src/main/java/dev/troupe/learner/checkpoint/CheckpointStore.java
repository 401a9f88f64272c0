package dev.troupe.learner.checkpoint;

import dev.troupe.learner.checkpoint.CheckpointManifest.FileEntry;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of a run: directories {@code 000120.2} (update, epoch of the learner), each with
 * the files of the learner and a manifest.json that holds their sizes and SHA-256 sums.
 *
 * <p>A checkpoint is written under a name that doesn't count, every file and the directory synced,
 * and then renamed: either all of it is there or none. That a directory is here doesn't make it
 * <em>the</em> checkpoint: only the commit recorded in the journal does, which names it together
 * with the hash of its manifest. Newest means: of the latest epoch, and in it of the latest update.
 *
 * <p>One writer at a time; the run's lock and epochs see to that.
 */
public final class CheckpointStore {
  private static final String MANIFEST = "manifest.json";
  private static final Pattern NAME = Pattern.compile("(\\d{6,})\\.(\\d+)");
  private static final String TEMPORARY_PREFIX = ".partial-";
  private static final Comparator<CheckpointRef> OLDEST_FIRST =
      Comparator.comparingInt(CheckpointRef::epoch).thenComparingLong(CheckpointRef::update);

  private final Path directory;
  private final CheckpointHooks hooks;

  /** Opens (creates) the directory; changes nothing in it. */
  public CheckpointStore(Path directory, CheckpointHooks hooks) {
    this.directory = directory;
    this.hooks = hooks;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("checkpoint directory [" + directory + "]", e);
    }
  }

  /** Writes one file of a checkpoint to the path it is given. */
  @FunctionalInterface
  public interface FileBody {
    void writeTo(Path file) throws IOException;
  }

  /**
   * Writes a checkpoint; when this returns it is durable under its name.
   *
   * @throws CheckpointWriteException if a file can't be written (a full disk), or another process
   *     that took over removed what was being written: nothing stays
   */
  public CheckpointRef write(long update, int epoch, Map<String, FileBody> files) {
    Path target = directory.resolve(name(update, epoch));
    Path partial = directory.resolve(TEMPORARY_PREFIX + name(update, epoch));
    if (Files.exists(target)) {
      throw new IllegalStateException(
          "checkpoint [" + target + "] is there already: an epoch writes each update once");
    }
    try {
      DurableFiles.deleteTree(partial);
      Files.createDirectory(partial);
      List<FileEntry> entries = new ArrayList<>();
      for (Map.Entry<String, FileBody> file : files.entrySet()) {
        Path path = partial.resolve(file.getKey());
        file.getValue().writeTo(path);
        DurableFiles.sync(path);
        entries.add(new FileEntry(file.getKey(), Files.size(path), DurableFiles.sha256(path)));
      }
      byte[] manifest = new CheckpointManifest(update, epoch, entries).toJson();
      Files.write(partial.resolve(MANIFEST), manifest);
      DurableFiles.sync(partial.resolve(MANIFEST));
      DurableFiles.syncDirectory(partial);
      hooks.beforeRename();
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncDirectory(directory);
      hooks.afterRename();
      return new CheckpointRef(update, epoch, DurableFiles.sha256(manifest));
    } catch (IOException e) {
      throw abandoned(partial, target, e);
    }
  }

  private CheckpointWriteException abandoned(Path partial, Path target, IOException cause) {
    if (cause instanceof NoSuchFileException && !Files.exists(partial)) {
      return CheckpointWriteException.overtaken(target, cause);
    }
    try {
      DurableFiles.deleteTree(partial);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return CheckpointWriteException.unwritable(target, directory.toFile().getUsableSpace(), cause);
  }

  /** Every checkpoint with a readable manifest, oldest first; their files are not verified. */
  public List<CheckpointRef> list() {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
          .flatMap(path -> refOf(path).stream())
          .sorted(OLDEST_FIRST)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("listing [" + directory + "]", e);
    }
  }

  private static Optional<CheckpointRef> refOf(Path checkpoint) {
    try {
      byte[] bytes = Files.readAllBytes(checkpoint.resolve(MANIFEST));
      CheckpointManifest manifest = CheckpointManifest.parse(bytes);
      boolean named = checkpoint.endsWith(name(manifest.update(), manifest.epoch()));
      return named
          ? Optional.of(
              new CheckpointRef(manifest.update(), manifest.epoch(), DurableFiles.sha256(bytes)))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Verifies every file of {@code ref} and opens it.
   *
   * @throws CheckpointDamagedException naming the file, what was expected and found, and the newest
   *     earlier checkpoint that is whole
   */
  public Checkpoint open(CheckpointRef ref) {
    try {
      return verified(ref);
    } catch (DamageException damage) {
      throw new CheckpointDamagedException(
          damage.file, damage.expected, damage.found, previousGood(ref));
    }
  }

  /** The newest whole checkpoint older than {@code ref}. */
  public Optional<CheckpointRef> previousGood(CheckpointRef ref) {
    List<CheckpointRef> newestFirst =
        list().stream()
            .filter(other -> OLDEST_FIRST.compare(other, ref) < 0)
            .sorted(OLDEST_FIRST.reversed())
            .toList();
    for (CheckpointRef candidate : newestFirst) {
      try {
        verified(candidate);
        return Optional.of(candidate);
      } catch (DamageException _) {
        // The next older one may be whole.
      }
    }
    return Optional.empty();
  }

  /**
   * Removes old checkpoints. One that is newer than {@code committed} doesn't count yet: it stays,
   * and stands for none of the {@code keep}.
   *
   * @param keep how many stay, of those up to {@code committed}, the newest
   * @param also updates whose checkpoints stay too
   * @return what was removed
   */
  public List<CheckpointRef> prune(int keep, CheckpointRef committed, Set<Long> also) {
    List<CheckpointRef> counting =
        list().stream().filter(ref -> OLDEST_FIRST.compare(ref, committed) <= 0).toList();
    List<CheckpointRef> removed =
        counting.subList(0, Math.max(0, counting.size() - Math.max(1, keep))).stream()
            .filter(ref -> !also.contains(ref.update()))
            .toList();
    removed.forEach(this::remove);
    return removed;
  }

  /** Removes what crashed writers and interrupted removals left; returns how many. */
  public int clean() {
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> strays =
          entries
              .filter(path -> path.getFileName().toString().startsWith(TEMPORARY_PREFIX))
              .toList();
      for (Path stray : strays) {
        DurableFiles.deleteTree(stray);
      }
      return strays.size();
    } catch (IOException e) {
      throw new UncheckedIOException("cleaning [" + directory + "]", e);
    }
  }

  /** The directory of a checkpoint. */
  public Path path(CheckpointRef ref) {
    return directory.resolve(name(ref));
  }

  /** For example {@code 000120.2}. */
  public static String name(CheckpointRef ref) {
    return name(ref.update(), ref.epoch());
  }

  private static String name(long update, int epoch) {
    return String.format(java.util.Locale.ROOT, "%06d.%d", update, epoch);
  }

  private void remove(CheckpointRef ref) {
    Path doomed = directory.resolve(TEMPORARY_PREFIX + "removed-" + name(ref));
    try {
      DurableFiles.deleteTree(doomed);
      Files.move(path(ref), doomed, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.deleteTree(doomed);
    } catch (IOException e) {
      throw new UncheckedIOException("removing checkpoint [" + path(ref) + "]", e);
    }
  }

  private Checkpoint verified(CheckpointRef ref) throws DamageException {
    Path checkpoint = path(ref);
    Path manifestFile = checkpoint.resolve(MANIFEST);
    try {
      if (!Files.isRegularFile(manifestFile)) {
        throw new DamageException(manifestFile, "SHA-256 " + ref.manifestHash(), "no such file");
      }
      byte[] bytes = Files.readAllBytes(manifestFile);
      String hash = DurableFiles.sha256(bytes);
      if (!hash.equals(ref.manifestHash())) {
        throw new DamageException(manifestFile, "SHA-256 " + ref.manifestHash(), "SHA-256 " + hash);
      }
      for (FileEntry entry : CheckpointManifest.parse(bytes).files()) {
        verify(checkpoint.resolve(entry.name()), entry);
      }
      return new Checkpoint(ref, checkpoint);
    } catch (IOException e) {
      throw new UncheckedIOException("reading checkpoint [" + checkpoint + "]", e);
    }
  }

  private static void verify(Path file, FileEntry entry) throws IOException, DamageException {
    if (!Files.isRegularFile(file)) {
      throw new DamageException(file, "SHA-256 " + entry.sha256(), "no such file");
    }
    if (Files.size(file) != entry.bytes()) {
      throw new DamageException(file, entry.bytes() + " bytes", Files.size(file) + " bytes");
    }
    String found = DurableFiles.sha256(file);
    if (!found.equals(entry.sha256())) {
      throw new DamageException(file, "SHA-256 " + entry.sha256(), "SHA-256 " + found);
    }
  }

  /** What is wrong with a file, before it is known what to offer instead. */
  private static final class DamageException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final String expected;
    private final String found;

    DamageException(Path file, String expected, String found) {
      this.file = file;
      this.expected = expected;
      this.found = found;
    }
  }
}
