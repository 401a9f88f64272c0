package dev.troupe.actors.journal;

import dev.troupe.protocol.codec.LedgerEventCodec;
import dev.troupe.protocol.codec.MalformedMessageException;
import dev.troupe.protocol.journal.FrameRead;
import dev.troupe.protocol.journal.FrameReader;
import dev.troupe.protocol.ledger.LedgerEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads what counts of a journal, event by event in order; memory doesn't grow with the journal.
 * Within the accepted lengths every record must be intact: anything else stops with file and
 * offset.
 */
public final class JournalReader {

  /** Takes the events of a journal. */
  public interface Sink {
    void accept(LedgerEvent event, Location at);
  }

  private final Path journal;
  private final SortedMap<SegmentName, Long> lengths;

  JournalReader(Path journal, SortedMap<SegmentName, Long> lengths) {
    this.journal = journal;
    this.lengths = new TreeMap<>(lengths);
  }

  /**
   * Everything that counts now, without claiming anything: of a run that is over, or, while it goes
   * on, what is whole at this moment.
   */
  public static JournalReader open(Path journal, Path epochs) throws IOException {
    Epochs replay = new Epochs(epochs, "replay");
    return new JournalReader(journal, Seals.scan(journal, replay, replay.newest() + 1).lengths());
  }

  /**
   * The latest summary at the head of a segment; what lies before the segment that it names doesn't
   * count and is passed over by {@link #forEach}.
   */
  public Optional<LedgerEvent.Summarised> summary() throws IOException {
    List<SegmentName> latestFirst = new ArrayList<>(lengths.keySet()).reversed();
    for (SegmentName name : latestFirst) {
      if (head(name).orElse(null) instanceof LedgerEvent.Summarised summary) {
        SegmentName first = new SegmentName(summary.firstEpoch(), summary.firstSequence());
        lengths.headMap(first).clear();
        return Optional.of(summary);
      }
    }
    return Optional.empty();
  }

  private Optional<LedgerEvent> head(SegmentName name) throws IOException {
    Path file = journal.resolve(name.fileName());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FrameReader reader = new FrameReader(channel, 0, lengths.getOrDefault(name, 0L));
      return reader.next() instanceof FrameRead.Frame frame
          ? event(file, frame.offset(), frame.payload())
          : Optional.empty();
    }
  }

  /** Segments that are read, with the bytes of each that count. */
  public SortedMap<SegmentName, Long> segments() {
    return new TreeMap<>(lengths);
  }

  /** Hands every event to {@code sink}, in order. */
  public void forEach(Sink sink) throws IOException {
    for (SegmentName name : lengths.keySet()) {
      forEach(name, sink);
    }
  }

  private void forEach(SegmentName name, Sink sink) throws IOException {
    Path file = journal.resolve(name.fileName());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FrameReader reader = new FrameReader(channel, 0, lengths.getOrDefault(name, 0L));
      while (true) {
        switch (reader.next()) {
          case FrameRead.Frame frame ->
              event(file, frame.offset(), frame.payload())
                  .ifPresent(event -> sink.accept(event, new Location(name, frame.offset())));
          case FrameRead.End _ -> {
            return;
          }
          case FrameRead.TornTail torn ->
              throw new DamagedJournalException(file, torn.offset(), torn.why());
          case FrameRead.Damage damage ->
              throw new DamagedJournalException(file, damage.offset(), damage.why());
        }
      }
    }
  }

  /** The event at {@code at}, which must hold one. */
  static LedgerEvent read(Path journal, Location at) throws IOException {
    Path file = journal.resolve(at.segment().fileName());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (at.offset() < channel.size()
          && new FrameReader(channel, at.offset()).next() instanceof FrameRead.Frame frame) {
        Optional<LedgerEvent> event = event(file, frame.offset(), frame.payload());
        if (event.isPresent()) {
          return event.get();
        }
      }
    }
    throw new DamagedJournalException(file, at.offset(), "a record was here when it was written");
  }

  private static Optional<LedgerEvent> event(Path file, long offset, ByteBuffer payload) {
    if (SyncMark.read(payload).isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LedgerEventCodec.decode(payload));
    } catch (MalformedMessageException e) {
      throw new DamagedJournalException(file, offset, String.valueOf(e.getMessage()));
    }
  }
}
