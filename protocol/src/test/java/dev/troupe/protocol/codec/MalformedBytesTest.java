package dev.troupe.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.proto.LedgerEventMessage;
import dev.troupe.protocol.proto.OutcomeMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MalformedBytesTest {

  @Test
  void namesTheFieldThatIsMissing() {
    var message = LedgerEventCodec.EVENT.toMessage(Examples.EVENTS.get(1)).toBuilder();
    message.getGrantedBuilder().getLeaseBuilder().getGroupBuilder().clearTask();
    refused(
        LedgerEventCodec.EVENT,
        message.build(),
        "LedgerEvent.granted.lease.group.task: expected a message, got [nothing]");
    refused(
        LedgerEventCodec.EVENT,
        LedgerEventMessage.getDefaultInstance(),
        "LedgerEvent.event: expected an event that is known, got [nothing]");
  }

  @Test
  void namesTheElementThatIsWrong() {
    var message = TrajectoryCodec.TRAJECTORY.toMessage(Examples.SAMPLE).toBuilder();
    message
        .getCompletionBuilder()
        .getSegmentsBuilder(1)
        .setTokens(ByteString.copyFromUtf8("five!"));
    refused(
        TrajectoryCodec.TRAJECTORY,
        message.build(),
        "Trajectory.completion.segments[1].tokens: expected a multiple of 4 bytes, got [5]");
  }

  @Test
  void refusesNumbersThatNoConstantHas() {
    var message = TrajectoryCodec.TRAJECTORY.toMessage(Examples.SAMPLE).toBuilder();
    message.getCompletionBuilder().clearFinish();
    refused(
        TrajectoryCodec.TRAJECTORY,
        message.build(),
        "Trajectory.completion.finish: expected one of [1 = END_TOKEN, 2 = STOP_STRING, 3 ="
            + " LENGTH], got [0]");
    int unknown = 99;
    message.getCompletionBuilder().setFinishValue(unknown);
    refused(TrajectoryCodec.TRAJECTORY, message.build(), "got [99]");
  }

  @Test
  void refusesScoresThatAreNotFinite() {
    var message = OutcomeCodec.OUTCOME.toMessage(Examples.SCORED).toBuilder();
    message.getScoredBuilder().getPartsBuilder(1).setValue(Double.POSITIVE_INFINITY);
    refused(
        OutcomeCodec.OUTCOME,
        message.build(),
        "Outcome.scored.parts[1].value: expected a finite number, got [Infinity]");
    OutcomeMessage.Builder other = OutcomeCodec.OUTCOME.toMessage(Examples.SCORED).toBuilder();
    other.getScoredBuilder().setValue(Double.NaN);
    refused(OutcomeCodec.OUTCOME, other.build(), "Outcome.scored.value: expected a finite number");
  }

  @Test
  void refusesWhatTheRecordRefuses() {
    var message = LeaseCodec.LEASE.toMessage(Examples.LEASE).toBuilder();
    message.setAttempt(0);
    refused(LeaseCodec.LEASE, message.build(), "Lease.attempt: expected at least 1, got [0]");
    message.setAttempt(1).setLimitNanos(-1);
    refused(
        LeaseCodec.LEASE,
        message.build(),
        "Lease.limit_nanos: expected nanoseconds of at least 0, got [-1]");
    var run = RunSpecificationCodec.RUN_SPECIFICATION.toMessage(Examples.RUN).toBuilder();
    run.getModelBuilder().setKvHeads(3);
    refused(
        RunSpecificationCodec.RUN_SPECIFICATION,
        run.build(),
        "RunSpecification.model.kvHeads: expected a divisor of heads = 8, got [3]");
  }

  @Test
  void refusesBytesThatAreNoMessage() {
    assertThatThrownBy(() -> LedgerEventCodec.decode(new byte[] {-1, -1, -1}))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("LedgerEvent: expected a protobuf message, got [3 bytes: ");
  }

  @Test
  void skipsFieldsOfALaterSchema() {
    byte[] bytes = LeaseCodec.ID.encode(Examples.LEASE_ID);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
    longer[bytes.length] = (byte) 0xf8;
    longer[bytes.length + 1] = 0x01;
    longer[bytes.length + 2] = 7;
    assertThat(LeaseCodec.ID.decode(longer)).isEqualTo(Examples.LEASE_ID);
  }

  @Test
  void randomEventsComeBackEqual() {
    long seed = System.nanoTime();
    System.out.println("randomEventsComeBackEqual seed " + seed);
    var records = new RandomRecords(seed);
    for (int i = 0; i < 5_000; i++) {
      LedgerEvent event = records.event();
      assertThat(LedgerEventCodec.decode(LedgerEventCodec.encode(event))).isEqualTo(event);
    }
  }

  @Test
  void mutatedBytesAreRefusedOrMakeAnotherRecord() {
    long seed = System.nanoTime();
    System.out.println("mutatedBytesAreRefusedOrMakeAnotherRecord seed " + seed);
    var random = new Random(seed);
    Examples.EVENTS.forEach(event -> mutate(random, LedgerEventCodec.EVENT, event));
    Examples.RUNS.forEach(run -> mutate(random, RunSpecificationCodec.RUN_SPECIFICATION, run));
    Examples.TRAJECTORIES.forEach(one -> mutate(random, TrajectoryCodec.TRAJECTORY, one));
    mutate(random, BatchCodec.BATCH, Examples.BATCH);
    mutate(random, CheckpointCodec.STATE, Examples.STATE);
    mutate(random, PolicyCodec.MANIFEST, Examples.MANIFEST);
    mutate(random, TensorCodec.TENSOR, Examples.FRAGMENT.actions());
  }

  private static <R> void mutate(Random random, RecordCodec<R, ?> codec, R record) {
    byte[] bytes = codec.encode(record);
    List<R> read = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      byte[] mutated =
          Arrays.copyOf(
              bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length);
      for (int flips = 1 + random.nextInt(3); flips > 0 && mutated.length > 0; flips--) {
        int at = random.nextInt(mutated.length);
        mutated[at] =
            (byte) (random.nextBoolean() ? random.nextInt() : mutated[at] ^ 1 << random.nextInt(8));
      }
      try {
        read.add(codec.decode(mutated));
      } catch (MalformedMessageException refused) {
        assertThat(refused.where()).isNotEmpty();
      }
    }
    for (R other : read) {
      assertThat(codec.decode(codec.encode(other))).isEqualTo(other);
    }
  }

  private static <R, M extends MessageLite> void refused(
      RecordCodec<R, M> codec, M message, String why) {
    assertThatThrownBy(() -> codec.decode(message.toByteArray()))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining(why);
  }
}
