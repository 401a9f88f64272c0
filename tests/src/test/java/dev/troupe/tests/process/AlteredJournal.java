package dev.troupe.tests.process;

import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.codec.LedgerEventCodec;
import dev.troupe.protocol.journal.FrameRead;
import dev.troupe.protocol.journal.FrameReader;
import dev.troupe.protocol.journal.Frames;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Forges a journal: another number in a record, with checksums that are right. */
final class AlteredJournal {
  private AlteredJournal() {}

  /** Adds {@code difference} to the log-probability of a trajectory's first answer token. */
  static void addToFirstLogProb(Path journal, TrajectoryId id, float difference)
      throws IOException {
    alter(
        journal,
        event ->
            event instanceof LedgerEvent.Recorded(var judged) && judged.trajectory().id().equals(id)
                ? Optional.of(new LedgerEvent.Recorded(altered(judged, difference)))
                : Optional.empty());
  }

  /** Adds {@code difference} to the first number that is left of an update's weights. */
  static void addToFirstOfSketch(Path journal, long batch, float difference) throws IOException {
    alter(
        journal,
        event ->
            event instanceof LedgerEvent.Updated updated && updated.batch() == batch
                ? Optional.of(
                    new LedgerEvent.Updated(
                        updated.version(), batch, updated.skipped(), altered(updated, difference)))
                : Optional.empty());
  }

  /** Puts another event of the same length in the place of the first that {@code alter} alters. */
  private static void alter(Path journal, Function<LedgerEvent, Optional<LedgerEvent>> alter)
      throws IOException {
    try (Stream<Path> segments = Files.list(journal)) {
      for (Path segment : segments.toList()) {
        if (alterIn(segment, alter)) {
          return;
        }
      }
    }
    throw new AssertionError("nothing to alter in [" + journal + "]");
  }

  private static boolean alterIn(Path segment, Function<LedgerEvent, Optional<LedgerEvent>> alter)
      throws IOException {
    try (FileChannel file =
        FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      FrameReader reader = new FrameReader(file, 0);
      while (reader.next() instanceof FrameRead.Frame(long offset, ByteBuffer payload)) {
        int length = payload.remaining();
        boolean isMark = payload.get(payload.position()) == 0;
        Optional<LedgerEvent> altered =
            isMark ? Optional.empty() : alter.apply(LedgerEventCodec.decode(payload));
        if (altered.isPresent()) {
          write(file, offset, length, altered.get());
          return true;
        }
      }
      return false;
    }
  }

  private static void write(FileChannel file, long offset, int length, LedgerEvent event)
      throws IOException {
    ByteBuffer frame =
        ByteBuffer.allocate(Frames.frameBytes(length)).order(ByteOrder.LITTLE_ENDIAN);
    Frames.put(frame, event);
    if (frame.hasRemaining()) {
      throw new AssertionError("the altered record is shorter by " + frame.remaining());
    }
    file.write(frame.flip(), offset);
  }

  private static UpdateTrace altered(LedgerEvent.Updated updated, float difference) {
    float[] sketch = updated.trace().sketch().toArray();
    sketch[0] += difference;
    return new UpdateTrace(updated.trace().batchHash(), FloatArray.of(sketch));
  }

  private static JudgedTrajectory altered(JudgedTrajectory judged, float difference) {
    Trajectory was = judged.trajectory();
    Completion completion = (Completion) was.body();
    List<Segment> segments =
        completion.segments().stream().map(segment -> altered(segment, difference)).toList();
    return new JudgedTrajectory(
        new Trajectory(
            was.id(),
            was.lease(),
            was.attempt(),
            was.versions(),
            new Completion(segments, completion.finish())),
        judged.verifier(),
        judged.outcome(),
        judged.verifying());
  }

  private static Segment altered(Segment segment, float difference) {
    if (segment.logProbs().isEmpty()) {
      return segment;
    }
    float[] numbers = segment.logProbs().toArray();
    numbers[0] += difference;
    return new Segment(
        segment.kind(),
        segment.text(),
        segment.tokens(),
        segment.trained(),
        FloatArray.of(numbers),
        segment.policyLogProbs());
  }
}
