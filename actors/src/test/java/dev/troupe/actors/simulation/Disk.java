package dev.troupe.actors.simulation;

import dev.troupe.actors.journal.SegmentName;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The storage that all machines share, as {@code Epochs}, {@code Seals}, {@code JournalReader} and
 * {@code Retention} use it: claims by exclusive creation, segments that only their epoch's writer
 * appends to, seals with the lengths that count, checkpoints that are there whole or not at all.
 *
 * <p>What was written and not synced may be lost with its machine, from any event on; another
 * machine may see any part of it.
 */
final class Disk {

  /** A file of the journal: its first {@code synced} events survive whatever happens. */
  static final class Segment {
    final SegmentName name;
    final List<LedgerEvent> events = new ArrayList<>();
    int synced;
    boolean deleted;

    /** Events that counted when it was deleted. */
    int counted;

    Segment(SegmentName name) {
      this.name = name;
    }
  }

  /** What a taker-over found: segments and how many events of each count. */
  record Accepted(SortedMap<SegmentName, Integer> lengths) {}

  /** Where a checkpoint lies: its update, and the incarnation that wrote it. */
  private record Folder(long update, int incarnation) {}

  private record Saved(CheckpointRef checkpoint, Weights weights) {}

  private final World world;
  private final RandomGenerator random;
  private final Flaw flaw;
  private final TreeMap<SegmentName, Segment> segments = new TreeMap<>();
  private final TreeMap<Integer, Accepted> seals = new TreeMap<>();
  private final Map<Folder, Saved> checkpoints = new HashMap<>();
  private int claimed;
  private int incarnationsClaimed;

  Disk(World world) {
    this.world = world;
    this.random = world.random();
    this.flaw = world.flaw();
  }

  // ---- epochs and incarnations ----

  int claimEpoch() {
    return ++claimed;
  }

  /** Whether a newer writer has sealed what {@code epoch} wrote. */
  boolean isSealed(int epoch) {
    return seals.higherKey(epoch) != null;
  }

  boolean isFenced(int epoch) {
    return claimed > epoch && flaw != Flaw.NO_EPOCH_CHECK;
  }

  /** A learner's number: above {@code newest}, and nobody else's. */
  int claimIncarnation(int newest) {
    int next = Math.max(newest, incarnationsClaimed) + 1;
    if (flaw == Flaw.INCARNATION_NOT_CLAIMED) {
      return newest + 1;
    }
    incarnationsClaimed = next;
    return next;
  }

  // ---- the journal ----

  Segment create(SegmentName name) {
    SegmentName own =
        flaw == Flaw.SEGMENT_SHARED_BY_EPOCHS && !segments.isEmpty() ? segments.lastKey() : name;
    return segments.computeIfAbsent(own, Segment::new);
  }

  /** The machine of a segment's writer went down: of what wasn't synced, any part is left. */
  void tear(Segment segment) {
    int left = segment.synced + random.nextInt(segment.events.size() - segment.synced + 1);
    if (left < segment.events.size()) {
      world.note(Happening.UNSYNCED_EVENTS_LOST);
    }
    segment.events.subList(left, segment.events.size()).clear();
    segment.synced = left;
  }

  /** Syncs and records what counts of the epochs below {@code epoch}, and returns it. */
  Accepted seal(int epoch) {
    Accepted accepted = scan(epoch);
    if (flaw != Flaw.SEALED_BEFORE_SYNC) {
      accepted
          .lengths()
          .forEach((name, length) -> find(name).synced = Math.max(find(name).synced, length));
    }
    seals.put(epoch, accepted);
    return accepted;
  }

  private Accepted scan(int epoch) {
    Map.Entry<Integer, Accepted> newest = seals.lowerEntry(epoch);
    int sealedBy = newest == null ? 0 : newest.getKey();
    TreeMap<SegmentName, Integer> lengths = new TreeMap<>();
    for (Segment segment : segments.values()) {
      boolean isSealed = newest != null && segment.name.epoch() < sealedBy;
      boolean shared = flaw == Flaw.SEGMENT_SHARED_BY_EPOCHS;
      if (segment.name.epoch() >= epoch) {
        continue;
      }
      if (segment.deleted) {
        lengths.put(segment.name, segment.counted);
      } else if (isSealed && !shared && flaw != Flaw.SEAL_ACCEPTS_LATE_BYTES) {
        Integer length = newest.getValue().lengths().get(segment.name);
        if (length != null) {
          lengths.put(segment.name, length);
        }
      } else {
        int unsynced = segment.events.size() - segment.synced;
        lengths.put(segment.name, segment.synced + random.nextInt(unsynced + 1));
      }
    }
    return new Accepted(lengths);
  }

  /** All events that count, those of deleted segments included: for whoever knows everything. */
  List<LedgerEvent> everything(Accepted accepted) {
    List<LedgerEvent> events = new ArrayList<>();
    accepted.lengths().forEach((name, length) -> events.addAll(content(name, length)));
    return events;
  }

  /** Where a reader begins: at the latest summary's first kept segment. */
  Optional<LedgerEvent.Summarised> summary(Accepted accepted) {
    for (SegmentName name : new ArrayList<>(accepted.lengths().keySet()).reversed()) {
      List<LedgerEvent> content = content(name, accepted.lengths().getOrDefault(name, 0));
      if (!find(name).deleted
          && !content.isEmpty()
          && content.getFirst() instanceof LedgerEvent.Summarised summary) {
        return Optional.of(summary);
      }
    }
    return Optional.empty();
  }

  /** What a reader reads, segment by segment. */
  SortedMap<SegmentName, List<LedgerEvent>> read(
      Accepted accepted, Optional<LedgerEvent.Summarised> summary) {
    SegmentName first =
        summary
            .map(it -> new SegmentName(it.firstEpoch(), it.firstSequence()))
            .orElse(new SegmentName(0, 0));
    TreeMap<SegmentName, List<LedgerEvent>> kept = new TreeMap<>();
    accepted
        .lengths()
        .forEach(
            (name, length) -> {
              if (name.compareTo(first) >= 0 && !find(name).deleted) {
                kept.put(name, content(name, length));
              }
            });
    return kept;
  }

  /** Segments before {@code name} that are there. */
  List<Segment> before(SegmentName name) {
    return segments.headMap(name).values().stream().filter(it -> !it.deleted).toList();
  }

  /** Deletes what lies before {@code first}, as far as {@code known} or its own epoch tells. */
  void deleteBefore(SegmentName first, Accepted known) {
    world.note(Happening.SEGMENTS_DELETED);
    for (Segment segment : before(first)) {
      segment.deleted = true;
      segment.counted = known.lengths().getOrDefault(segment.name, segment.events.size());
    }
  }

  private List<LedgerEvent> content(SegmentName name, int length) {
    List<LedgerEvent> events = find(name).events;
    return List.copyOf(events.subList(0, Math.min(length, events.size())));
  }

  private Segment find(SegmentName name) {
    Segment segment = segments.get(name);
    if (segment == null) {
      throw new AssertionError("segment " + name + " is not there");
    }
    return segment;
  }

  // ---- checkpoints ----

  /** Written aside, then renamed over what was there. */
  void write(CheckpointRef checkpoint, Weights weights) {
    checkpoints.put(
        new Folder(checkpoint.update(), checkpoint.epoch()), new Saved(checkpoint, weights));
  }

  /** The weights of exactly this checkpoint. */
  Optional<Weights> checkpoint(CheckpointRef checkpoint) {
    return Optional.ofNullable(checkpoints.get(new Folder(checkpoint.update(), checkpoint.epoch())))
        .filter(saved -> saved.checkpoint().equals(checkpoint))
        .map(Saved::weights);
  }

  /** The weights of the most updates, committed or not. */
  Optional<Weights> newestCheckpoint() {
    return checkpoints.values().stream()
        .map(Saved::weights)
        .reduce((a, b) -> b.update() > a.update() ? b : a);
  }
}
