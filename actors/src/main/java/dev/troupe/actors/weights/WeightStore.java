package dev.troupe.actors.weights;

import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights that a node has as files, in a scratch directory of its own or one that all nodes on
 * a host share.
 *
 * <pre>
 *   HASH.safetensors   a whole image; HASH is its {@link ImageDigest}
 *   HASH.part          one that a process fetches; its chunks are served already
 *   PROCESS-N.aside    one that a learner writes
 *   spare              an image that nobody needs: the next one is written over it
 *   locks              see {@link StoreLocks}
 * </pre>
 *
 * <p>Versions with the same weights share a file. In a shared directory one process fetches an
 * image, the others wait and map the same file; if it dies, another goes on with the chunks that
 * are there. The last process that lets go of an image makes it the spare: writing over a file
 * costs a fraction of making one, and chunks that didn't change are found in place. What a crash
 * left behind becomes the spare, too; nothing in it counts but what has its checksum.
 */
public final class WeightStore implements AutoCloseable {
  /** Bytes of a chunk. */
  public static final int CHUNK_BYTES = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(WeightStore.class);

  /** Writes an image in safetensors format. */
  public interface ImageWriter {
    void write(Path file) throws IOException;
  }

  /** What came of asking for a version. */
  sealed interface Claim {
    /** It is here; the caller closes the file. */
    record Ready(WeightFile file) implements Claim {}

    /**
     * The caller fetches what is missing, then {@link #finish}es or {@link #abandon}s it.
     *
     * @param likely chunks that may lie in the file already
     */
    record Mine(WeightFile file, FileLock work, BitSet likely) implements Claim {}

    /** Another process on this host, or another thread, fetches it; ask again soon. */
    record Elsewhere() implements Claim {}
  }

  /**
   * How much the store may take.
   *
   * @param bytesMax of all images together
   * @param freeBytes what the disk has left
   */
  public record Limits(long bytesMax, LongSupplier freeBytes) {
    /** As much as the disk of {@code directory} has. */
    public static Limits ofDisk(Path directory) {
      return new Limits(Long.MAX_VALUE, () -> directory.toFile().getUsableSpace());
    }
  }

  private record Entry(WeightFile file, FileLock use, Set<PolicyVersion> versions) {}

  private final ScratchFiles files;
  private final Limits limits;
  private final long process;
  private final StoreLocks locks;
  private final Map<String, Entry> entries = new HashMap<>();
  private long asides;
  private boolean closed;

  private WeightStore(Path directory, Limits limits, long process) throws IOException {
    this.files = new ScratchFiles(directory);
    this.limits = limits;
    this.process = process;
    this.locks = new StoreLocks(directory.resolve("locks"), process);
  }

  /**
   * Opens a scratch directory, made if need be, and tidies up what a crash left.
   *
   * @param process number of this process
   */
  public static WeightStore open(Path directory, Limits limits, long process) throws IOException {
    Files.createDirectories(directory);
    WeightStore store = new WeightStore(directory, limits, process);
    store.files.tidy(store.locks);
    return store;
  }

  // The learner's side.

  /**
   * Writes the weights of {@code version} and holds them until {@link #letGo}.
   *
   * @param names the image's tensors, in the order of the network's layout
   */
  public PolicyManifest publish(
      PolicyVersion version, List<String> names, int chunkBytes, ImageWriter writer)
      throws IOException {
    String name;
    synchronized (this) {
      requireOpen();
      name = ScratchFiles.aside(process, ++asides);
    }
    Path aside = files.named(name);
    FileLock work =
        locks.work(name).orElseThrow(() -> new WeightsException("[" + aside + "] is locked"));
    try {
      writer.write(aside);
      PolicyManifest manifest = Manifests.of(aside, version, names, chunkBytes);
      adoptAside(aside, manifest);
      return manifest;
    } catch (IOException e) {
      throw new WeightsException(
          "writing the weights of update ["
              + version.update()
              + "] to ["
              + aside
              + "] failed: "
              + e.getMessage()
              + "; make room there, or name another scratch directory",
          e);
    } finally {
      Files.deleteIfExists(aside);
      StoreLocks.release(work);
    }
  }

  private synchronized void adoptAside(Path aside, PolicyManifest manifest) throws IOException {
    requireOpen();
    Entry entry = entries.get(manifest.digest());
    if (entry != null && !entry.file().complete()) {
      throw busy(manifest);
    }
    if (entry == null) {
      FileLock use = locks.use(manifest.digest()).orElseThrow(() -> busy(manifest));
      Path whole = files.whole(manifest.digest());
      Files.move(aside, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      entry = enter(WeightFile.open(whole, manifest, () -> freed(manifest, use)), use);
      entry.file().markAll();
    }
    entry.versions().add(manifest.version());
  }

  // Everybody's side.

  /** The weights of {@code version} if they are here and whole; the caller closes them. */
  public synchronized Optional<WeightFile> take(PolicyVersion version) {
    return entries.values().stream()
        .filter(entry -> entry.versions().contains(version) && entry.file().complete())
        .map(Entry::file)
        .filter(WeightFile::retain)
        .findFirst();
  }

  /** The image of that hash, whole or in part; the caller closes it. */
  synchronized Optional<WeightFile> serve(String digest) {
    return Optional.ofNullable(entries.get(digest)).map(Entry::file).filter(WeightFile::retain);
  }

  /** Whole images that are here; the caller closes each. */
  synchronized List<WeightFile> wholes() {
    return entries.values().stream()
        .map(Entry::file)
        .filter(WeightFile::complete)
        .filter(WeightFile::retain)
        .toList();
  }

  /** {@code version} is not needed any more; its file goes with the last user on this host. */
  public synchronized void letGo(PolicyVersion version) {
    List<Entry> unused = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.versions().remove(version) && entry.versions().isEmpty()) {
        unused.add(entry);
      }
    }
    for (Entry entry : unused) {
      entries.remove(entry.file().manifest().digest());
      entry.file().close();
    }
  }

  /** Asks for the weights of {@code manifest}. */
  synchronized Claim claim(PolicyManifest manifest) throws IOException {
    requireOpen();
    String hash = manifest.digest();
    Entry here = entries.get(hash);
    if (here != null) {
      if (here.file().complete() && here.file().retain()) {
        here.versions().add(manifest.version());
        return new Claim.Ready(here.file());
      }
      return new Claim.Elsewhere();
    }
    Optional<FileLock> use = locks.use(hash);
    if (use.isEmpty()) {
      return new Claim.Elsewhere();
    }
    boolean kept = false;
    try {
      Claim claim = claim(manifest, use.get());
      kept = !(claim instanceof Claim.Elsewhere);
      return claim;
    } finally {
      if (!kept) {
        StoreLocks.release(use.get());
      }
    }
  }

  private Claim claim(PolicyManifest manifest, FileLock use) throws IOException {
    Optional<FileLock> work = locks.work(manifest.digest());
    if (files.isWhole(manifest)) {
      work.ifPresent(StoreLocks::release);
      WeightFile file =
          WeightFile.open(files.whole(manifest.digest()), manifest, () -> freed(manifest, use));
      file.markAll();
      enter(file, use).versions().add(manifest.version());
      file.retain();
      return new Claim.Ready(file);
    }
    if (work.isEmpty()) {
      return new Claim.Elsewhere();
    }
    try {
      checkRoom(manifest.bytes());
      BitSet likely = files.begin(manifest);
      WeightFile file =
          WeightFile.begin(files.part(manifest.digest()), manifest, () -> freed(manifest, use));
      enter(file, use);
      file.retain();
      return new Claim.Mine(file, work.get(), likely);
    } catch (IOException e) {
      StoreLocks.release(work.get());
      throw e;
    }
  }

  private Entry enter(WeightFile file, FileLock use) {
    Entry entry = new Entry(file, use, new HashSet<>());
    entries.put(file.manifest().digest(), entry);
    return entry;
  }

  /** Every chunk of what was {@link Claim.Mine} is here and the whole verified. */
  synchronized void finish(Claim.Mine mine) throws IOException {
    WeightFile file = mine.file();
    try {
      Path whole = files.whole(file.manifest().digest());
      Files.move(file.path(), whole, StandardCopyOption.ATOMIC_MOVE);
      file.completed(whole);
      Entry entry = entries.get(file.manifest().digest());
      if (entry != null) {
        entry.versions().add(file.manifest().version());
      }
    } finally {
      StoreLocks.release(mine.work());
    }
  }

  /** What was {@link Claim.Mine} is given up; others may go on with it. The caller closes it. */
  synchronized void abandon(Claim.Mine mine) {
    Entry entry = entries.remove(mine.file().manifest().digest());
    StoreLocks.release(mine.work());
    if (entry != null) {
      entry.file().close();
    }
  }

  /** The last user in this process has gone: the last one on the host makes the file the spare. */
  private void freed(PolicyManifest manifest, FileLock use) {
    StoreLocks.release(use);
    try {
      Optional<FileLock> alone = locks.alone(manifest.digest());
      if (alone.isPresent()) {
        try {
          files.spare(manifest);
        } finally {
          StoreLocks.release(alone.get());
        }
      }
    } catch (ClosedChannelException _) {
      // The store is closed: the next one to open the directory tidies up.
    } catch (IOException e) {
      LOG.warn(
          "[{}] could not be cleared of weights that nobody needs: {}",
          files.directory(),
          e.toString());
    }
  }

  private void checkRoom(long bytes) throws IOException {
    long taken =
        entries.values().stream().mapToLong(entry -> entry.file().manifest().bytes()).sum();
    long free =
        Math.min(limits.freeBytes().getAsLong() + files.spareBytes(), limits.bytesMax() - taken);
    if (free < bytes) {
      throw new WeightsException(
          "weights need ["
              + bytes
              + "] bytes in ["
              + files.directory()
              + "], ["
              + Math.max(0, free)
              + "] are left; make room there, or name another scratch directory");
    }
  }

  private static WeightsException busy(PolicyManifest manifest) {
    return new WeightsException("[" + manifest.digest() + "] is just being fetched or removed");
  }

  private void requireOpen() throws WeightsException {
    if (closed) {
      throw new WeightsException("the store in [" + files.directory() + "] is closed");
    }
  }

  /** Lets go of everything. Files that somebody still reads stay until then. */
  @Override
  public void close() {
    List<Entry> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(entries.values());
      entries.clear();
    }
    all.forEach(entry -> entry.file().close());
    try {
      files.deleteSpare();
      locks.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the store in [" + files.directory() + "]", e);
    }
  }
}
