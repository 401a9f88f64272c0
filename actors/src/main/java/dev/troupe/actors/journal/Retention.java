package dev.troupe.actors.journal;

import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Deletes segments that nobody needs any more ({@code journal.retain = since-oldest-checkpoint}).
 *
 * <p>A segment is needed while a group was first granted in it, or in an earlier one, to which
 * something may still happen, or whose batch a kept checkpoint may ask for; and while it holds the
 * last state of environments whose sampler has recorded since the summary before. What came of the
 * other groups is told by a {@link LedgerEvent.Summarised} at the head of a fresh segment. Only
 * when that is synced, and no newer writer had claimed by then, are the files deleted, oldest
 * first. So whoever takes over finds the summary, whether the deletion was done, half done or is
 * still to come from a process that froze: readers go by the summary, and files before the one it
 * names mean nothing.
 *
 * <p>Thread-safe: the writer's thread tells what it wrote, the owner's thread decides, and a thread
 * of its own deletes: that takes a moment for a large file, in which others wait for a sync. No
 * file is looked at on the owner's thread.
 */
final class Retention {

  /** A summary was appended; when {@code position} is synced, segments before the first go. */
  private record Pending(long position, SegmentName first) {}

  private final Path journal;
  private final long bytesMin;
  private final Map<Long, SegmentName> grantedIn = new HashMap<>();
  private final Map<Long, SegmentName> stateIn = new HashMap<>();
  private final TreeMap<SegmentName, Long> bytes = new TreeMap<>();
  private @Nullable SegmentName newest;
  private @Nullable Pending pending;

  /**
   * @param bytesMin deleting less than this isn't worth a segment of its own
   */
  Retention(Path journal, long bytesMin) {
    this.journal = journal;
    this.bytesMin = bytesMin;
  }

  /** An event lies in a segment. */
  synchronized void written(LedgerEvent event, Location at) {
    newest = at.segment();
    bytes.put(at.segment(), at.offset());
    if (event instanceof LedgerEvent.Granted granted) {
      grantedIn.putIfAbsent(granted.lease().group().number(), at.segment());
    }
    if (event instanceof LedgerEvent.Recorded(var judged)
        && judged.trajectory().body() instanceof EnvironmentFragment fragment) {
      fragment.after().ifPresent(state -> stateIn.put(state.line(), at.segment()));
    }
  }

  /**
   * The first segment to keep, if enough lies before it.
   *
   * @param open groups whose events are needed; those not written yet will lie in later segments
   */
  synchronized Optional<SegmentName> firstToKeep(Set<Long> open) {
    grantedIn.keySet().retainAll(open);
    SegmentName first = newest;
    if (first == null || pending != null) {
      return Optional.empty();
    }
    for (SegmentName segment : grantedIn.values()) {
      first = segment.compareTo(first) < 0 ? segment : first;
    }
    for (SegmentName segment : stateIn.values()) {
      first = segment.compareTo(first) < 0 ? segment : first;
    }
    long before = bytes.headMap(first).values().stream().mapToLong(Long::longValue).sum();
    return before >= bytesMin && before > 0 ? Optional.of(first) : Optional.empty();
  }

  synchronized void summarised(long position, SegmentName first) {
    pending = new Pending(position, first);
    stateIn.clear();
  }

  /** Deletes the segments before {@code first}, which takes time. */
  void deleteBefore(SegmentName first) throws IOException {
    for (SegmentName segment : Seals.segments(journal)) {
      if (segment.compareTo(first) < 0) {
        Files.deleteIfExists(journal.resolve(segment.fileName()));
      }
    }
  }

  /**
   * The journal is synced through {@code position}: segments before the answer may be deleted, by
   * whoever is told so, once.
   */
  synchronized Optional<SegmentName> synced(long position) {
    Pending due = pending;
    if (due == null || position < due.position()) {
      return Optional.empty();
    }
    pending = null;
    bytes.headMap(due.first()).clear();
    return Optional.of(due.first());
  }
}
