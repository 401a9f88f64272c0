package dev.troupe.actors.journal;

import dev.troupe.protocol.journal.FrameRead;
import dev.troupe.protocol.journal.FrameReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which bytes of the journal count: the second step of a takeover (see {@link Epochs}). A segment
 * counts up to its last intact record. Only the last segment of an epoch may end in a torn record,
 * and only above the length that its {@link SyncMark}s promise; anything else is damage.
 */
final class Seals {

  /**
   * What a scan found.
   *
   * @param lengths bytes of each segment that count
   * @param tornBytes cut from the ends
   */
  record Accepted(SortedMap<SegmentName, Long> lengths, long tornBytes) {
    Accepted {
      lengths = new TreeMap<>(lengths);
    }
  }

  private static final String END = "end";

  private Seals() {}

  /**
   * Seals everything older than {@code claim}, and says what counts. What counts is synced first:
   * its writer may have died before it could, and a seal must not promise what a power failure
   * takes.
   */
  static Accepted seal(Path journal, Epochs.Claim claim) {
    try {
      Files.createDirectories(journal);
      Accepted accepted = scan(journal, claim.epochs(), claim.epoch());
      int sealedBy = newestSeal(claim.epochs(), claim.epoch());
      for (SegmentName name : accepted.lengths().keySet()) {
        if (name.epoch() >= sealedBy) {
          Durable.syncFile(journal.resolve(name.fileName()));
        }
      }
      StringBuilder text = new StringBuilder();
      accepted
          .lengths()
          .forEach(
              (name, length) ->
                  text.append(name.fileName()).append(' ').append(length).append('\n'));
      text.append(END).append(' ').append(accepted.lengths().size()).append('\n');
      Durable.replace(claim.epochs().sealFile(claim.epoch()), text.toString());
      return accepted;
    } catch (IOException e) {
      throw new UncheckedIOException("sealing the journal in [" + journal + "]", e);
    }
  }

  /** What counts of the epochs below {@code epoch}; changes nothing. */
  static Accepted scan(Path journal, Epochs epochs, int epoch) throws IOException {
    SortedMap<SegmentName, Long> lengths = new TreeMap<>();
    int sealedBy = newestSeal(epochs, epoch);
    SortedMap<SegmentName, Long> sealed =
        sealedBy == 0 ? new TreeMap<>() : read(epochs.sealFile(sealedBy));
    List<SegmentName> segments = segments(journal);
    long torn = 0;
    for (int i = 0; i < segments.size(); i++) {
      SegmentName name = segments.get(i);
      if (name.epoch() >= epoch) {
        continue;
      }
      Path file = journal.resolve(name.fileName());
      if (name.epoch() < sealedBy) {
        Long length = sealed.get(name);
        if (length != null) {
          requireLength(file, length);
          lengths.put(name, length);
        }
        continue;
      }
      boolean last = i + 1 == segments.size() || segments.get(i + 1).epoch() > name.epoch();
      long length = intactLength(file, last);
      torn += Files.size(file) - length;
      lengths.put(name, length);
    }
    requireNoGap(journal, lengths, sealed);
    return new Accepted(lengths, torn);
  }

  private static int newestSeal(Epochs epochs, int below) {
    for (int epoch = below - 1; epoch > 0; epoch--) {
      if (Files.exists(epochs.sealFile(epoch))) {
        return epoch;
      }
    }
    return 0;
  }

  private static SortedMap<SegmentName, Long> read(Path file) throws IOException {
    SortedMap<SegmentName, Long> lengths = new TreeMap<>();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines) {
      List<String> words = List.of(line.split(" ", -1));
      if (words.size() == 2 && words.getFirst().equals(END)) {
        if (Integer.parseInt(words.get(1)) == lengths.size()) {
          return lengths;
        }
        break;
      }
      SegmentName name = SegmentName.of(Path.of(words.getFirst())).orElse(null);
      if (name == null || words.size() != 2 || !words.get(1).matches("\\d{1,18}")) {
        break;
      }
      lengths.put(name, Long.parseLong(words.get(1)));
    }
    throw new DamagedJournalException(
        file,
        0,
        "expected lines of segment and length and a last line with their number, got " + lines);
  }

  /** Segments that are there, in order. */
  static List<SegmentName> segments(Path journal) throws IOException {
    if (!Files.isDirectory(journal)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(journal)) {
      return files.flatMap(file -> SegmentName.of(file).stream()).sorted().toList();
    }
  }

  private static void requireLength(Path file, long length) throws IOException {
    if (Files.size(file) < length) {
      throw new DamagedJournalException(
          file,
          Files.size(file),
          "sealed with [" + length + "] bytes, got [" + Files.size(file) + "]");
    }
  }

  private static void requireNoGap(
      Path journal, SortedMap<SegmentName, Long> lengths, Map<SegmentName, Long> sealed) {
    List<SegmentName> names = new ArrayList<>(lengths.keySet());
    for (int i = 1; i < names.size(); i++) {
      SegmentName name = names.get(i);
      SegmentName before = names.get(i - 1);
      boolean follows =
          name.epoch() == before.epoch()
              ? name.sequence() == before.sequence() + 1
              : name.sequence() == 1;
      if (!follows) {
        throw new DamagedJournalException(
            journal.resolve(name.fileName()),
            0,
            "a segment is missing between [" + before.fileName() + "] and this one");
      }
    }
    for (SegmentName name : sealed.keySet()) {
      if (!lengths.isEmpty()
          && name.compareTo(names.getFirst()) > 0
          && !lengths.containsKey(name)) {
        throw new DamagedJournalException(
            journal.resolve(name.fileName()), 0, "this sealed segment is missing");
      }
    }
  }

  /** Bytes up to the last intact record; throws where more was synced once. */
  static long intactLength(Path file, boolean mayBeTorn) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FrameReader reader = new FrameReader(channel, 0);
      while (true) {
        switch (reader.next()) {
          case FrameRead.Frame _ -> {}
          case FrameRead.End end -> {
            return end.offset();
          }
          case FrameRead.TornTail torn -> {
            if (!mayBeTorn) {
              throw new DamagedJournalException(file, torn.offset(), torn.why());
            }
            return torn.offset();
          }
          case FrameRead.Damage damage -> {
            OptionalLong synced = syncedBehind(channel, damage.intactAt());
            if (!mayBeTorn || (synced.isPresent() && synced.getAsLong() > damage.offset())) {
              throw new DamagedJournalException(file, damage.offset(), damage.why());
            }
            return damage.offset();
          }
        }
      }
    }
  }

  /** The largest synced length that a mark from {@code from} on tells of. */
  private static OptionalLong syncedBehind(FileChannel channel, long from) throws IOException {
    OptionalLong largest = OptionalLong.empty();
    long offset = from;
    while (offset < channel.size()) {
      FrameReader reader = new FrameReader(channel, offset);
      long next = -1;
      while (next < 0) {
        switch (reader.next()) {
          case FrameRead.Frame frame -> {
            OptionalLong mark = SyncMark.read(frame.payload());
            if (mark.isPresent()) {
              largest = OptionalLong.of(Math.max(mark.getAsLong(), largest.orElse(Long.MIN_VALUE)));
            }
          }
          case FrameRead.Damage damage -> next = damage.intactAt();
          case FrameRead.End _, FrameRead.TornTail _ -> {
            return largest;
          }
        }
      }
      offset = next;
    }
    return largest;
  }
}
