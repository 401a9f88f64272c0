package dev.troupe.actors.weights;

import dev.troupe.actors.security.TransportSecurity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that recipes name, on this node, each by its SHA-256.
 *
 * <pre>
 *   HOME/.cluster/files/HASH   what submissions brought, on nodes that share that folder
 *   SCRATCH/files/HASH         what this node fetched from others, while a run here needs it
 *   SCRATCH/files/HASH.part    what it is fetching
 * </pre>
 *
 * <p>A file counts here once this process has found that its bytes have the hash, wherever they
 * lie. What is fetched goes from the socket to the disk piece by piece; a source that fails is
 * followed by the next, which goes on where it ended ({@link FilePull}).
 */
public final class FileShelf implements AutoCloseable {
  /** Of one file. */
  public static final long BYTES_MAX = 64L << 30;

  private static final Logger LOG = LoggerFactory.getLogger(FileShelf.class);

  /**
   * How much may be fetched.
   *
   * @param bytesMax of one file
   * @param spareBytes that the disk must keep
   */
  public record Limits(long bytesMax, long spareBytes) {
    /** For machines of a cluster. */
    public static final Limits DEFAULT = new Limits(BYTES_MAX, 1L << 30);
  }

  private final List<Path> shared;
  private final Path own;
  private final Limits limits;
  private final PullLimits patience;
  private final TransportSecurity security;
  private final ThreadFactory threads;
  private final Deadlines deadlines;
  private volatile Runnable onPiece = () -> {};
  private final Map<String, Path> right = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Path>> coming = new HashMap<>();
  private final Map<String, Set<String>> users = new HashMap<>();

  private FileShelf(
      List<Path> shared,
      Path own,
      Limits limits,
      PullLimits patience,
      TransportSecurity security,
      ThreadFactory threads,
      LongSupplier nanos) {
    this.shared = List.copyOf(shared);
    this.own = own;
    this.limits = limits;
    this.patience = patience;
    this.security = security;
    this.threads = threads;
    this.deadlines = new Deadlines(nanos, threads);
  }

  /**
   * Opens it, and empties what an earlier life of this node left.
   *
   * @param shared folders that are looked into first and never written to
   * @param own folder of this node alone, made if need be
   * @param security asked at every connection
   * @param threads one for each file on its way; virtual ones are meant
   */
  public static FileShelf open(
      List<Path> shared,
      Path own,
      Limits limits,
      PullLimits patience,
      TransportSecurity security,
      ThreadFactory threads,
      LongSupplier nanos)
      throws IOException {
    Files.createDirectories(own);
    try (Stream<Path> left = Files.list(own)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
    return new FileShelf(shared, own, limits, patience, security, threads, nanos);
  }

  /** {@code heard} is called whenever a piece has come whole and isn't written yet. */
  public void onPiece(Runnable heard) {
    onPiece = heard;
  }

  /** Whether the file is here, and right. */
  public boolean has(String hash) {
    return right.containsKey(hash);
  }

  /**
   * Where a file is that was fetched.
   *
   * @throws IllegalStateException if it wasn't
   */
  public Path path(String hash) {
    Path path = right.get(hash);
    if (path == null) {
      throw new IllegalStateException("file [" + hash + "] was not brought to this node");
    }
    return path;
  }

  /**
   * Brings a file here, for {@code run}; fails with an {@link IOException} that names every source
   * and what it said.
   *
   * @param sources asked one after the other
   */
  public synchronized CompletionStage<Path> fetch(
      String run, String hash, List<WeightSource> sources) {
    users.computeIfAbsent(hash, _ -> new HashSet<>()).add(run);
    CompletableFuture<Path> known = coming.get(hash);
    if (known != null) {
      return known.minimalCompletionStage();
    }
    CompletableFuture<Path> path = new CompletableFuture<>();
    coming.put(hash, path);
    threads.newThread(() -> bring(hash, sources, path)).start();
    return path.minimalCompletionStage();
  }

  private void bring(String hash, List<WeightSource> sources, CompletableFuture<Path> coming) {
    try {
      Path path = brought(hash, sources);
      right.put(hash, path);
      arrived(hash);
      coming.complete(path);
    } catch (IOException | RuntimeException e) {
      arrived(hash);
      coming.completeExceptionally(e);
    }
  }

  private synchronized void arrived(String hash) {
    coming.remove(hash);
    if (!users.containsKey(hash)) {
      drop(hash);
    }
  }

  private Path brought(String hash, List<WeightSource> sources) throws IOException {
    for (Path folder : shared) {
      Path file = folder.resolve(hash);
      if (isRight(file, hash)) {
        return file;
      }
    }
    Path file = own.resolve(hash);
    if (!isRight(file, hash)) {
      new FilePull(hash, file, limits, patience, security, deadlines, onPiece).run(sources);
    }
    return file;
  }

  private static boolean isRight(Path file, String hash) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    String got = FilePull.digest(file);
    if (!got.equals(hash)) {
      LOG.warn("[{}] has the SHA-256 [{}]: it is fetched from other nodes", file, got);
    }
    return got.equals(hash);
  }

  /** {@code run} needs no files here any more. */
  public synchronized void letGo(String run) {
    for (String hash : List.copyOf(users.keySet())) {
      Set<String> left = users.getOrDefault(hash, Set.of());
      if (left.contains(run)) {
        left.remove(run);
        if (left.isEmpty()) {
          users.remove(hash);
          if (!coming.containsKey(hash)) {
            drop(hash);
          }
        }
      }
    }
  }

  private void drop(String hash) {
    right.remove(hash);
    try {
      Files.deleteIfExists(own.resolve(hash));
    } catch (IOException e) {
      throw new UncheckedIOException("removing [" + own.resolve(hash) + "]", e);
    }
  }

  /** What there is to be sent; whoever gets it checks it. */
  public Optional<Path> serve(String hash) {
    return Stream.concat(shared.stream(), Stream.of(own))
        .map(folder -> folder.resolve(hash))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** Ends what is on its way, which fails. */
  @Override
  public void close() {
    deadlines.close();
  }
}
