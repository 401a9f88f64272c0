package dev.troupe.actors.simulation;

import dev.troupe.actors.journal.SegmentName;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Appends to the journal as {@code JournalWriter} does, each step at a time of its own, so that its
 * process may freeze or die in between:
 *
 * <pre>
 *   write what waits (perhaps in two parts) ─▶ sync ─▶ look for a newer epoch ─▶ synced(position)
 * </pre>
 */
final class Writer {
  private static final int SEGMENT_EVENTS = 24;

  /** What waits: an event, or (empty) the wish for a segment of its own. */
  private record Item(Optional<LedgerEvent> event) {}

  private final Head head;
  private final World world;
  private final Disk disk;
  private final int epoch;
  private final ArrayDeque<Item> waiting = new ArrayDeque<>();
  private Disk.Segment segment;
  private int sequence = 1;
  private boolean busy;
  private boolean dead;
  private long appended;
  private long written;

  Writer(Head head, int epoch) {
    this.head = head;
    this.world = head.world;
    this.disk = world.disk();
    this.epoch = epoch;
    this.segment = disk.create(new SegmentName(epoch, sequence));
  }

  /** Takes events; returns the position of the last one so far. */
  long append(List<LedgerEvent> events) {
    for (LedgerEvent event : events) {
      waiting.addLast(new Item(Optional.of(event)));
      appended++;
    }
    pump();
    return appended;
  }

  /** What is appended from here on lies in a segment of its own. */
  void nextSegment() {
    waiting.addLast(new Item(Optional.empty()));
    pump();
  }

  /** Even a writer that has nothing to write finds a newer epoch, as it looks at the disk. */
  void lookAtDisk() {
    if (!busy && !dead) {
      look(written);
    }
  }

  /** The process dies; its machine may lose what wasn't synced. */
  void crash() {
    dead = true;
    disk.tear(segment);
  }

  private void pump() {
    if (busy || dead || waiting.isEmpty()) {
      return;
    }
    busy = true;
    List<Item> group = new ArrayList<>(waiting);
    waiting.clear();
    int part = world.trouble().writesInParts() ? world.random().nextInt(group.size() + 1) : 0;
    group.subList(0, part).forEach(this::write);
    List<Item> rest = group.subList(part, group.size());
    if (part == 0) {
      finish(rest);
    } else {
      world.mayFail(head);
      head.after(world.trouble().writeTime(), () -> finish(rest));
    }
  }

  private void finish(List<Item> rest) {
    rest.forEach(this::write);
    Disk.Segment syncing = segment;
    int length = segment.events.size();
    long position = written;
    world.mayFail(head);
    head.after(
        world.trouble().syncTime(),
        () -> {
          syncing.synced = Math.max(syncing.synced, length);
          world.mayFail(head);
          head.after(world.trouble().lookTime(), () -> look(position));
        });
  }

  private void look(long position) {
    if (disk.isFenced(epoch)) {
      dead = true;
      head.fenced();
      return;
    }
    busy = false;
    if (segment.events.size() >= SEGMENT_EVENTS) {
      rotate();
    }
    head.synced(position);
    pump();
  }

  private void write(Item item) {
    if (item.event().isEmpty()) {
      rotate();
      return;
    }
    LedgerEvent event = item.event().get();
    written++;
    boolean lost =
        switch (event) {
          case LedgerEvent.Dropped _ -> world.flaw() == Flaw.DROP_NOT_JOURNALED;
          case LedgerEvent.VerifierChosen _ -> world.flaw() == Flaw.SWAP_NOT_JOURNALED;
          case LedgerEvent.BatchCut _ -> world.flaw() == Flaw.CUT_NOT_JOURNALED;
          default -> false;
        };
    if (!lost) {
      segment.events.add(event);
      if (disk.isSealed(epoch)) {
        world.note(Happening.WRITE_BEHIND_A_SEAL);
      }
      head.retention().written(event, segment.name);
    }
  }

  private void rotate() {
    segment.synced = segment.events.size();
    segment = disk.create(new SegmentName(epoch, ++sequence));
  }
}
