package dev.troupe.protocol.codec;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Allowed values of every size, from a seed. */
final class RandomRecords {
  private final Random random;

  RandomRecords(long seed) {
    random = new Random(seed);
  }

  LedgerEvent event() {
    return switch (random.nextInt(9)) {
      case 0 -> new LedgerEvent.EpochBegan(count(), random.nextLong(), text());
      case 1 -> new LedgerEvent.Granted(lease(), text());
      case 2 -> new LedgerEvent.Recorded(judged());
      case 3 -> new LedgerEvent.Dropped(id(), pick(DropReason.values()), text());
      case 4 -> new LedgerEvent.BatchCut(1 + number(), some(this::id));
      case 5 -> new LedgerEvent.Updated(version(), number(), random.nextBoolean(), trace());
      case 6 -> new LedgerEvent.IncarnationBegan(count(), number(), number(), processor());
      case 7 ->
          new LedgerEvent.Committed(
              new CheckpointRef(number(), count(), text()), number(), number());
      default -> new LedgerEvent.RunEnded(text());
    };
  }

  private UpdateTrace trace() {
    return new UpdateTrace(text(), floats(random.nextInt(40)));
  }

  private ProcessorKind processor() {
    return new ProcessorKind(
        text(), text(), some(this::text), some(this::text), text(), text(), count(), count());
  }

  private JudgedTrajectory judged() {
    return new JudgedTrajectory(trajectory(), verifier(), outcome(), duration());
  }

  private Trajectory trajectory() {
    List<VersionSpan> versions =
        IntStream.range(0, 1 + random.nextInt(4))
            .mapToObj(at -> new VersionSpan(at * 3, version()))
            .toList();
    var completion =
        new TrajectoryBody.Completion(
            some(this::segment), pick(TrajectoryBody.FinishReason.values()));
    return new Trajectory(id(), leaseId(), 1 + count(), versions, completion);
  }

  private Segment segment() {
    Segment.Kind kind = pick(Segment.Kind.values());
    int length = random.nextInt(200);
    boolean answer = kind == Segment.Kind.ANSWER;
    return new Segment(
        kind,
        text(),
        IntArray.of(random.ints(length).toArray()),
        answer && random.nextBoolean(),
        floats(answer ? length : 0),
        floats(answer ? length : 0));
  }

  private FloatArray floats(int length) {
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt());
    }
    return FloatArray.of(values);
  }

  private Outcome outcome() {
    return switch (random.nextInt(4)) {
      case 0 ->
          new Outcome.Scored(
              random.nextGaussian(),
              some(() -> new Outcome.Part(text(), random.nextGaussian())),
              random.nextBoolean()
                  ? Optional.empty()
                  : Optional.of(
                      new PluginPayload(
                          "p" + text(), text(), ByteString.copyFromUtf8(text()), text())));
      case 1 -> new Outcome.Invalid(text());
      case 2 -> new Outcome.TimedOut(duration(), text());
      default -> new Outcome.Crashed(text());
    };
  }

  private Lease lease() {
    int size = 1 + random.nextInt(50);
    int from = random.nextInt(size);
    TaskContent content =
        random.nextBoolean()
            ? new TaskContent.Prompt(text(), text())
            : new TaskContent.Environment("e" + text(), random.nextLong(), 1 + count(), 1);
    var group = new Group(number(), new Task(number(), text(), text(), content), size, verifier());
    IntArray members = IntArray.of(IntStream.range(from, size).toArray());
    return new Lease(leaseId(), group, members, 1 + count(), duration().plusNanos(1));
  }

  private LeaseId leaseId() {
    return new LeaseId(count(), number());
  }

  private TrajectoryId id() {
    return new TrajectoryId(number(), count());
  }

  private PolicyVersion version() {
    return new PolicyVersion(count(), number(), count(), text());
  }

  private VerifierRef verifier() {
    return new VerifierRef("v" + text(), text(), text());
  }

  private Duration duration() {
    return Duration.ofNanos(random.nextLong(1L << random.nextInt(60)));
  }

  private int count() {
    return random.nextInt(1 << random.nextInt(30));
  }

  private long number() {
    return random.nextLong(1L << random.nextInt(62));
  }

  private String text() {
    return random
        .ints(random.nextInt(20), 0, 0x3000)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private <T> List<T> some(Supplier<T> make) {
    return Stream.generate(make).limit(random.nextInt(5)).toList();
  }

  private <E> E pick(E[] values) {
    return values[random.nextInt(values.length)];
  }
}
