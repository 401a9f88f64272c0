package dev.troupe.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.SftSpecification;
import dev.troupe.protocol.run.TaskSpecification;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RoundTripTest {

  @Test
  void tasksComeBackEqual() {
    comesBack(TaskCodec.TASK, Examples.TASKS);
  }

  @Test
  void versionsAndManifestsComeBackEqual() {
    comesBack(PolicyCodec.VERSION, List.of(Examples.VERSION));
    comesBack(PolicyCodec.MANIFEST, List.of(Examples.MANIFEST));
  }

  @Test
  void outcomesComeBackEqual() {
    comesBack(OutcomeCodec.OUTCOME, Examples.OUTCOMES);
    comesBack(OutcomeCodec.VERIFIER, List.of(Examples.EXACT));
    comesBack(OutcomeCodec.PAYLOAD, Examples.SCORED.detail().stream().toList());
  }

  @Test
  void leasesComeBackEqual() {
    comesBack(LeaseCodec.ID, List.of(Examples.LEASE_ID));
    comesBack(LeaseCodec.GROUP, List.of(Examples.GROUP));
    comesBack(LeaseCodec.LEASE, List.of(Examples.LEASE));
  }

  @Test
  void trajectoriesComeBackEqual() {
    comesBack(TrajectoryCodec.ID, List.of(Examples.SAMPLE.id()));
    comesBack(TrajectoryCodec.TRAJECTORY, Examples.TRAJECTORIES);
  }

  @Test
  void batchesComeBackEqual() {
    comesBack(BatchCodec.JUDGED_TRAJECTORY, List.of(Examples.JUDGED));
    comesBack(BatchCodec.BATCH, List.of(Examples.BATCH));
  }

  @Test
  void checkpointsComeBackEqual() {
    comesBack(CheckpointCodec.REF, List.of(Examples.CHECKPOINT));
    comesBack(CheckpointCodec.STATE, List.of(Examples.STATE));
  }

  @Test
  void tensorsComeBackEqual() {
    comesBack(TensorCodec.TENSOR, List.of(Examples.FRAGMENT.actions()));
  }

  @Test
  void ledgerEventsComeBackEqual() {
    comesBack(LedgerEventCodec.EVENT, Examples.EVENTS);
  }

  @Test
  void runSpecificationsComeBackEqual() {
    comesBack(RunSpecificationCodec.RUN_SPECIFICATION, Examples.RUNS);
  }

  @Test
  void everySubtypeOfASealedTypeHasAnExample() {
    hasExamples(TaskContent.class, Examples.TASKS.stream().map(task -> task.content()));
    hasExamples(
        TrajectoryBody.class, Examples.TRAJECTORIES.stream().map(trajectory -> trajectory.body()));
    hasExamples(Outcome.class, Examples.OUTCOMES.stream());
    hasExamples(LedgerEvent.class, Examples.EVENTS.stream());
    hasExamples(TaskSpecification.class, Examples.RUNS.stream().map(RunSpecification::tasks));
    hasExamples(
        SftSpecification.Corpus.class, Examples.RUNS.stream().map(run -> run.sft().corpus()));
    hasExamples(
        ModelSpecification.Tokenizer.class,
        Examples.RUNS.stream().map(run -> run.model().tokenizer()));
  }

  @Test
  void equalStatesGiveEqualBytesWhateverTheOrderOfTheirMaps() {
    byte[] bytes = CheckpointCodec.STATE.encode(Examples.STATE);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text.indexOf("batch order")).isLessThan(text.indexOf("dropout"));
    assertThat(text.indexOf("accuracy")).isLessThan(text.indexOf("loss"));
  }

  private static <R> void comesBack(RecordCodec<R, ?> codec, List<R> records) {
    assertThat(records).isNotEmpty();
    for (R record : records) {
      byte[] bytes = codec.encode(record);
      assertThat(codec.decode(bytes)).isEqualTo(record);
      ByteBuffer within =
          ByteBuffer.allocate(bytes.length + 5).put(2, bytes).position(2).limit(bytes.length + 2);
      assertThat(codec.decode(within)).isEqualTo(record);
      assertThat(within.position()).isEqualTo(2);
      assertThat(codec.encode(codec.decode(bytes))).isEqualTo(bytes);
    }
  }

  private static void hasExamples(Class<?> sealed, Stream<?> examples) {
    List<Class<?>> present = examples.<Class<?>>map(Object::getClass).distinct().toList();
    List<Class<?>> wanted =
        Arrays.stream(sealed.getPermittedSubclasses())
            .filter(sealed::isAssignableFrom)
            .<Class<?>>map(type -> type)
            .toList();
    assertThat(present).as(sealed.getSimpleName()).containsExactlyInAnyOrderElementsOf(wanted);
  }
}
