package dev.troupe.actors.journal;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A segment of the journal: the {@code sequence}-th (from 1) that the writer of {@code epoch} made,
 * in file {@code 000003-000001.log}. Segments are read in this order.
 */
public record SegmentName(int epoch, int sequence) implements Comparable<SegmentName> {
  private static final Pattern FILE = Pattern.compile("(\\d{6,9})-(\\d{6,9})\\.log");
  private static final Comparator<SegmentName> ORDER =
      Comparator.comparingInt(SegmentName::epoch).thenComparingInt(SegmentName::sequence);

  /** The segment that a file's name stands for; empty for other files. */
  public static Optional<SegmentName> of(Path file) {
    Matcher matcher = FILE.matcher(file.getFileName().toString());
    return matcher.matches()
        ? Optional.of(
            new SegmentName(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  public String fileName() {
    return "%06d-%06d.log".formatted(epoch, sequence);
  }

  @Override
  public int compareTo(SegmentName other) {
    return ORDER.compare(this, other);
  }
}
