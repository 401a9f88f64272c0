package dev.troupe.actors.weights;

import dev.troupe.protocol.policy.PolicyManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a scratch directory, by their names, and the spare among them: an image that nobody
 * needs, which the next one is written over. Nothing in a file counts but what has its checksum.
 */
final class ScratchFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchFiles.class);
  private static final String WHOLE = ".safetensors";
  private static final String PART = ".part";
  private static final String ASIDE = ".aside";

  private final Path directory;
  private volatile Optional<PolicyManifest> spared = Optional.empty();

  ScratchFiles(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /** Where the image of that hash is, once it is whole. */
  Path whole(String hash) {
    return directory.resolve(hash + WHOLE);
  }

  /** Where it is while it is fetched. */
  Path part(String hash) {
    return directory.resolve(hash + PART);
  }

  /** Name of the {@code number}th file that {@code process} writes an image to. */
  static String aside(long process, long number) {
    return process + "-" + number + ASIDE;
  }

  Path named(String name) {
    return directory.resolve(name);
  }

  private Path spare() {
    return directory.resolve("spare");
  }

  /** A file that this process has not checked is read. */
  boolean isWhole(PolicyManifest manifest) throws IOException {
    Path whole = whole(manifest.digest());
    if (!Files.exists(whole)) {
      return false;
    }
    if (Files.size(whole) == manifest.bytes()) {
      try (WeightFile file = WeightFile.open(whole, manifest, () -> {})) {
        if (file.hasItsDigest()) {
          return true;
        }
      }
    }
    LOG.warn("[{}] is not what its name says, it is fetched again", whole);
    Files.deleteIfExists(whole);
    return false;
  }

  /**
   * Makes the file that an image is fetched to, of the leftovers of an earlier attempt or of the
   * spare; returns the chunks that may lie in it. Of a spare that this process knows only chunks
   * with the same checksum are worth a look.
   */
  BitSet begin(PolicyManifest manifest) throws IOException {
    Path part = part(manifest.digest());
    BitSet likely = likely(part, manifest);
    resize(part, manifest.bytes());
    return likely;
  }

  private BitSet likely(Path part, PolicyManifest manifest) throws IOException {
    BitSet likely = new BitSet();
    Optional<PolicyManifest> known = Optional.empty();
    if (!Files.exists(part)) {
      try {
        Files.move(spare(), part, StandardCopyOption.ATOMIC_MOVE);
        known = spared.filter(spare -> spare.chunkBytes() == manifest.chunkBytes());
      } catch (NoSuchFileException _) {
        return likely;
      }
    }
    List<Integer> had = known.map(PolicyManifest::chunkChecksums).orElse(manifest.chunkChecksums());
    for (int chunk = 0; chunk < Math.min(had.size(), manifest.chunks()); chunk++) {
      likely.set(chunk, had.get(chunk).equals(manifest.chunkChecksums().get(chunk)));
    }
    return likely;
  }

  /** Makes the file as long as it will be. */
  private static void resize(Path part, long bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
      if (channel.size() < bytes) {
        channel.write(ByteBuffer.allocate(1), bytes - 1);
      }
    }
  }

  /** Nobody on this host needs the image of {@code manifest}: its file becomes the spare. */
  void spare(PolicyManifest manifest) throws IOException {
    discard(whole(manifest.digest()));
    discard(part(manifest.digest()));
    spared = Optional.of(manifest);
  }

  private void discard(Path file) throws IOException {
    if (Files.exists(file)) {
      Files.move(
          file, spare(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Bytes that writing over the spare brings. */
  long spareBytes() throws IOException {
    return Files.exists(spare()) ? Files.size(spare()) : 0;
  }

  void deleteSpare() throws IOException {
    Files.deleteIfExists(spare());
  }

  /** What a crash left behind, and nobody uses, becomes the spare. */
  void tidy(StoreLocks locks) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.toList();
    }
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      Optional<String> key =
          name.endsWith(ASIDE)
              ? Optional.of(name)
              : Stream.of(WHOLE, PART)
                  .filter(name::endsWith)
                  .map(end -> name.substring(0, name.length() - end.length()))
                  .findFirst();
      if (key.isPresent()) {
        Optional<FileLock> alone = locks.alone(key.get());
        if (alone.isPresent()) {
          discard(file);
          StoreLocks.release(alone.get());
        }
      }
    }
  }
}
