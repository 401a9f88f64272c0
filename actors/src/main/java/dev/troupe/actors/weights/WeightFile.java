package dev.troupe.actors.weights;

import dev.troupe.protocol.policy.PolicyManifest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/**
 * One image of weights on this node: a file mapped into memory, whole or still being fetched, and
 * counted by its users. A chunk that is here never changes, and is served at once, also while
 * others are missing.
 *
 * <p>Chunks are written through the file, not through the mapping: a full disk is an error then and
 * not the end of the process.
 */
public final class WeightFile implements AutoCloseable {
  private final PolicyManifest manifest;
  private final MemorySegment image;
  private final Arena arena;
  private final FileChannel channel;
  private final Runnable whenFree;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrival = lock.newCondition();
  private final BitSet present;
  private int count;
  private volatile boolean complete;
  private volatile Path path;

  /** Maps {@code path}, which has the manifest's size already. */
  @SuppressWarnings("MustBeClosedChecker") // closed by the last user
  private WeightFile(Path path, PolicyManifest manifest, boolean writing, Runnable whenFree)
      throws IOException {
    this.path = path;
    this.manifest = manifest;
    this.whenFree = whenFree;
    this.present = new BitSet(manifest.chunks());
    this.channel =
        writing
            ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
            : FileChannel.open(path, StandardOpenOption.READ);
    this.arena = Arena.ofShared();
    try {
      image = channel.map(FileChannel.MapMode.READ_ONLY, 0, manifest.bytes(), arena);
    } catch (IOException e) {
      arena.close();
      channel.close();
      throw e;
    }
  }

  /** A file to be filled; none of its chunks counts before {@link #findGood} or {@link #write}. */
  static WeightFile begin(Path path, PolicyManifest manifest, Runnable whenFree)
      throws IOException {
    return new WeightFile(path, manifest, true, whenFree);
  }

  /** A file that somebody finished. */
  static WeightFile open(Path path, PolicyManifest manifest, Runnable whenFree) throws IOException {
    WeightFile file = new WeightFile(path, manifest, false, whenFree);
    file.complete = true;
    return file;
  }

  /** The file, in safetensors format once it is complete. */
  public Path path() {
    return path;
  }

  public PolicyManifest manifest() {
    return manifest;
  }

  /** Whether every chunk is here and the whole was verified. */
  boolean complete() {
    return complete;
  }

  /** Counts one more user, who closes this; false if the last one has gone. */
  boolean retain() {
    return holders.getAndUpdate(now -> now == 0 ? 0 : now + 1) > 0;
  }

  /** One user less; the last one unmaps the file. */
  @Override
  public void close() {
    if (holders.getAndUpdate(now -> Math.max(0, now - 1)) == 1) {
      arena.close();
      try {
        channel.close();
      } catch (IOException _) {
        // Nothing was left to be written.
      }
      whenFree.run();
    }
  }

  /** The bytes of a chunk that is here. */
  ByteBuffer chunk(int chunk) {
    return image.asSlice(manifest.chunkOffset(chunk), manifest.chunkLength(chunk)).asByteBuffer();
  }

  /** Any bytes of the image. */
  MemorySegment slice(long offset, long bytes) {
    return image.asSlice(offset, bytes);
  }

  boolean has(int chunk) {
    lock.lock();
    try {
      return present.get(chunk);
    } finally {
      lock.unlock();
    }
  }

  /** The chunks that are here. */
  BitSet present() {
    lock.lock();
    try {
      return (BitSet) present.clone();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until more than {@code known} chunks are here, at most {@code nanos}. */
  BitSet presentBeyond(int known, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (count <= known && count < manifest.chunks() && left > 0) {
        left = arrival.awaitNanos(left);
      }
      return (BitSet) present.clone();
    } finally {
      lock.unlock();
    }
  }

  /** Every chunk is here already. */
  void markAll() {
    lock.lock();
    try {
      present.set(0, manifest.chunks());
      count = manifest.chunks();
      arrival.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Finds those of the {@code likely} chunks that have their checksum; how many there are. */
  int findGood(BitSet likely) {
    for (int chunk = likely.nextSetBit(0); chunk >= 0; chunk = likely.nextSetBit(chunk + 1)) {
      if (checksum(chunk(chunk)) == manifest.chunkChecksums().get(chunk)) {
        mark(chunk);
      }
    }
    return present().cardinality();
  }

  /** Whether what lies in the file is, every byte of it, the image that the manifest means. */
  boolean hasItsDigest() {
    ImageDigest digest = new ImageDigest();
    for (int chunk = 0; chunk < manifest.chunks(); chunk++) {
      digest.add(slice(manifest.chunkOffset(chunk), manifest.chunkLength(chunk)));
    }
    return digest.hex().equals(manifest.digest());
  }

  /** None of the chunks counts any more. */
  void forget() {
    lock.lock();
    try {
      present.clear();
      count = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Writes a chunk whose checksum was found right. */
  void write(int chunk, ByteBuffer bytes) throws IOException {
    long at = manifest.chunkOffset(chunk);
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    mark(chunk);
  }

  private void mark(int chunk) {
    lock.lock();
    try {
      if (!present.get(chunk)) {
        present.set(chunk);
        count++;
        arrival.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The file is whole, verified, and lies at {@code at} now. */
  void completed(Path at) {
    path = at;
    complete = true;
  }

  static int checksum(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.duplicate());
    return (int) checksum.getValue();
  }
}
