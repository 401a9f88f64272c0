package dev.troupe.actors.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.Outcome;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BatchPartsTest {
  private static final VerifierRef VERIFIER = new VerifierRef("exact", "1", "00");

  private static Batch batch(long number) {
    return new Batch(
        number, LongStream.range(0, 100).mapToObj(group -> group(number, group)).toList());
  }

  private static BatchGroup group(long number, long group) {
    Task task = new Task(group, "t", "easy", new TaskContent.Prompt("x".repeat(9_000), "y"));
    TrajectoryId id = new TrajectoryId(group, 0);
    Trajectory trajectory =
        new Trajectory(
            id,
            new LeaseId(1, group),
            1,
            List.of(new VersionSpan(0, new PolicyVersion(1, number, 0, "00"))),
            new TrajectoryBody.Completion(
                List.of(
                    new Segment(
                        Segment.Kind.PROMPT,
                        "x",
                        IntArray.of(1),
                        false,
                        FloatArray.empty(),
                        FloatArray.empty()),
                    new Segment(
                        Segment.Kind.ANSWER,
                        "a",
                        IntArray.of(2),
                        true,
                        FloatArray.of(-1),
                        FloatArray.of(-1))),
                TrajectoryBody.FinishReason.END_TOKEN));
    return new BatchGroup(
        new Group(group, task, 1, VERIFIER),
        List.of(new JudgedTrajectory(trajectory, VERIFIER, new Outcome.Scored(1), Duration.ZERO)));
  }

  @Test
  void comesTogetherInAnyOrderAndWithPiecesTwice() {
    Batch batch = batch(7);
    List<LearnerActor.BatchPart> parts = BatchParts.split(batch);
    assertThat(parts).hasSizeGreaterThan(3);
    List<LearnerActor.BatchPart> mixed = new ArrayList<>(parts.subList(0, parts.size() - 1));
    mixed.addAll(parts.subList(0, 2));
    Collections.shuffle(mixed, new Random(1));
    BatchAssembly assembly = new BatchAssembly();
    mixed.forEach(part -> assertThat(assembly.add(part)).isEmpty());
    assertThat(assembly.add(parts.getLast())).contains(batch);
  }

  @Test
  void piecesOfAnotherBatchDoNotMix() {
    List<LearnerActor.BatchPart> seven = BatchParts.split(batch(7));
    List<LearnerActor.BatchPart> eight = BatchParts.split(batch(8));
    BatchAssembly assembly = new BatchAssembly();
    seven.subList(1, seven.size()).forEach(assembly::add);
    Optional<Batch> last = Optional.empty();
    for (LearnerActor.BatchPart part : eight) {
      assertThat(last).isEmpty();
      last = assembly.add(part);
    }
    assertThat(last.map(Batch::number)).contains(8L);
  }

  @Test
  void refusesAPieceThatThereCanNotBe() {
    assertThatThrownBy(() -> new LearnerActor.BatchPart(1, 3, 3, ByteString.EMPTY))
        .hasMessageContaining("no part [3] of [3]");
  }
}
