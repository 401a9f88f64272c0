package dev.troupe.actors.journal;

import dev.troupe.protocol.codec.LedgerEventCodec;
import dev.troupe.protocol.journal.Frames;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends events to the journal on a thread of its own: encoding, writing and syncing happen there.
 *
 * <pre>
 *   append ─▶ queue ─▶ encode and write all that waits ─▶ one sync ─▶ fenced? ─▶ synced(position)
 * </pre>
 *
 * <p>Appending never waits: whoever appends must take on less work while much is not synced, as
 * {@link Books} does.
 *
 * <p>Whatever gathers while a sync runs shares the next one. Positions count events from 1. When a
 * write or a sync fails, or a newer writer has claimed an epoch, the writer reports it once and
 * stops for good: later events are taken and go nowhere, and since they are never reported as
 * synced, nothing of them is acknowledged. (A sync that failed once is not tried again: the kernel
 * may have dropped the pages and would report success.)
 */
public final class JournalWriter implements AutoCloseable {

  /**
   * Bounds of a writer.
   *
   * @param segmentBytes size at which a new segment begins
   * @param groupEventsMax events of one sync
   * @param diskFreeMin bytes of free disk below which the listener is warned
   */
  public record Settings(long segmentBytes, int groupEventsMax, long diskFreeMin) {
    /** Bounds for a recipe's segment size and free disk. */
    public static Settings of(long segmentBytes, long diskFreeMin) {
      return new Settings(segmentBytes, 1_024, diskFreeMin);
    }
  }

  private sealed interface Item {
    record Append(LedgerEvent event) implements Item {}

    record NextSegment() implements Item {}

    record LookAtDisk() implements Item {}
  }

  private static final int BUFFER_BYTES = 1 << 20;
  private static final int SCRATCH_BYTES = 1 << 14;
  private static final int GROUPS_PER_DISK_CHECK = 64;

  private final Path journal;
  private final Epochs.Claim claim;
  private final Settings settings;
  private final SegmentFile.Maker files;
  private final LongSupplier freeBytes;
  private final JournalListener listener;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final ArrayDeque<Item> queue = new ArrayDeque<>();
  private long appended;
  private boolean closing;
  private boolean dead;

  // On the writer's thread only.
  private @Nullable SegmentFile file;
  private SegmentName segment;
  private long segmentLength;
  private long written;
  private long groups;
  private boolean low;
  private byte[] scratch = new byte[SCRATCH_BYTES];
  private ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private JournalWriter(
      Path journal,
      Epochs.Claim claim,
      Settings settings,
      SegmentFile.Maker files,
      LongSupplier freeBytes,
      ThreadFactory threads,
      JournalListener listener) {
    this.journal = journal;
    this.claim = claim;
    this.settings = settings;
    this.files = files;
    this.freeBytes = freeBytes;
    this.listener = listener;
    this.segment = new SegmentName(claim.epoch(), 0);
    this.thread = threads.newThread(this::run);
    thread.setName("journal");
  }

  /**
   * Starts a writer; what older ones wrote must be sealed already.
   *
   * @param freeBytes free space on the journal's disk
   */
  public static JournalWriter start(
      Path journal,
      Epochs.Claim claim,
      Settings settings,
      LongSupplier freeBytes,
      ThreadFactory threads,
      JournalListener listener) {
    return start(journal, claim, settings, SegmentFile::onDisk, freeBytes, threads, listener);
  }

  static JournalWriter start(
      Path journal,
      Epochs.Claim claim,
      Settings settings,
      SegmentFile.Maker files,
      LongSupplier freeBytes,
      ThreadFactory threads,
      JournalListener listener) {
    JournalWriter writer =
        new JournalWriter(journal, claim, settings, files, freeBytes, threads, listener);
    writer.thread.start();
    return writer;
  }

  /** Takes events, in order, and returns the position of the last one so far. */
  public long append(List<LedgerEvent> events) {
    lock.lock();
    try {
      for (LedgerEvent event : events) {
        put(new Item.Append(event));
        appended++;
      }
      return appended;
    } finally {
      lock.unlock();
    }
  }

  /** What is appended from here on lies in a segment of its own. */
  public void nextSegment() {
    lock.lock();
    try {
      put(new Item.NextSegment());
    } finally {
      lock.unlock();
    }
  }

  /** Compares free disk with the minimum now; without this, every so many syncs. */
  public void lookAtDisk() {
    lock.lock();
    try {
      put(new Item.LookAtDisk());
    } finally {
      lock.unlock();
    }
  }

  /** Writes and syncs what waits, then stops. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      notEmpty.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void put(Item item) {
    if (!dead) {
      queue.addLast(item);
      notEmpty.signal();
    }
  }

  // ---- the writer's thread ----

  private void run() {
    Path at = journal;
    try {
      beginSegment();
      while (true) {
        List<Item> group = take();
        if (group.isEmpty()) {
          break;
        }
        at = journal.resolve(segment.fileName());
        if (!commit(group)) {
          return;
        }
      }
    } catch (IOException e) {
      fail(failureOf(journal.resolve(segment.fileName()), e));
    } catch (RuntimeException | Error e) {
      fail(new JournalFailure.Unwritable(at + ": " + e));
    } finally {
      closeFile();
    }
  }

  /** Writes a group and syncs it; false if this writer is fenced. */
  private boolean commit(List<Item> group) throws IOException {
    for (Item item : group) {
      switch (item) {
        case Item.Append append -> write(append.event());
        case Item.NextSegment _ -> rotate();
        case Item.LookAtDisk _ -> groups = 0;
      }
    }
    flush();
    listener.beforeSync();
    sync();
    if (claim.isFenced()) {
      fail(new JournalFailure.Fenced(claim.epoch(), claim.epochs().newest()));
      return false;
    }
    listener.synced(written);
    mark();
    if (segmentLength >= settings.segmentBytes()) {
      rotate();
    }
    watchDisk();
    return true;
  }

  private List<Item> take() {
    lock.lock();
    try {
      while (queue.isEmpty() && !closing) {
        notEmpty.awaitUninterruptibly();
      }
      List<Item> group = new ArrayList<>();
      while (!queue.isEmpty() && group.size() < settings.groupEventsMax()) {
        group.add(queue.removeFirst());
      }
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void write(LedgerEvent event) throws IOException {
    LedgerEventCodec.Encoding encoding = LedgerEventCodec.encoding(event);
    int bytes = encoding.bytes();
    if (scratch.length < bytes) {
      scratch = new byte[Integer.highestOneBit(bytes) * 2];
    }
    encoding.write(scratch);
    ensureRoom(Frames.frameBytes(bytes));
    Location at = new Location(segment, segmentLength);
    Frames.put(buffer, target -> target.put(scratch, 0, bytes));
    segmentLength += Frames.frameBytes(bytes);
    written++;
    listener.written(event, at);
  }

  private void ensureRoom(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private void flush() throws IOException {
    if (file != null && buffer.position() > 0) {
      file.write(buffer.flip());
    }
    buffer.clear();
  }

  private void sync() throws IOException {
    if (file != null) {
      file.force();
    }
  }

  /** Tells readers how much is synced; see {@link SyncMark}. */
  private void mark() throws IOException {
    ensureRoom(Frames.frameBytes(SyncMark.PAYLOAD_BYTES));
    long synced = segmentLength;
    Frames.put(buffer, target -> SyncMark.write(target, synced));
    segmentLength += Frames.frameBytes(SyncMark.PAYLOAD_BYTES);
    flush();
  }

  private void rotate() throws IOException {
    flush();
    sync();
    closeFile();
    beginSegment();
  }

  private void beginSegment() throws IOException {
    segment = new SegmentName(segment.epoch(), segment.sequence() + 1);
    segmentLength = 0;
    file = files.create(journal.resolve(segment.fileName()));
  }

  private void watchDisk() {
    if (groups++ % GROUPS_PER_DISK_CHECK == 0) {
      long free = freeBytes.getAsLong();
      boolean isLow = free < settings.diskFreeMin();
      if (isLow != low) {
        low = isLow;
        listener.diskLow(low, free);
      }
    }
  }

  private void closeFile() {
    SegmentFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        fail(failureOf(journal.resolve(segment.fileName()), e));
      }
    }
  }

  private void fail(JournalFailure failure) {
    boolean first;
    lock.lock();
    try {
      first = !dead;
      dead = true;
      queue.clear();
    } finally {
      lock.unlock();
    }
    if (first) {
      listener.failed(failure);
    }
  }

  private static JournalFailure failureOf(Path file, IOException e) {
    String error = String.valueOf(e.getMessage());
    String lower = error.toLowerCase(Locale.ROOT);
    return lower.contains("no space left") || lower.contains("quota exceeded")
        ? new JournalFailure.DiskFull(file, error)
        : new JournalFailure.Broken(file, error);
  }
}
