package dev.troupe.protocol.codec;

import com.google.protobuf.CodedOutputStream;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.ledger.DropCount;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.ledger.GroupRange;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.proto.BatchCutMessage;
import dev.troupe.protocol.proto.CommittedMessage;
import dev.troupe.protocol.proto.DropCountMessage;
import dev.troupe.protocol.proto.DropReasonMessage;
import dev.troupe.protocol.proto.DroppedMessage;
import dev.troupe.protocol.proto.EpochBeganMessage;
import dev.troupe.protocol.proto.GrantedMessage;
import dev.troupe.protocol.proto.GroupRangeMessage;
import dev.troupe.protocol.proto.IncarnationBeganMessage;
import dev.troupe.protocol.proto.LedgerEventMessage;
import dev.troupe.protocol.proto.RecordedMessage;
import dev.troupe.protocol.proto.RunEndedMessage;
import dev.troupe.protocol.proto.SummarisedMessage;
import dev.troupe.protocol.proto.UpdatedMessage;
import dev.troupe.protocol.proto.VerifierChosenMessage;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.nio.ByteBuffer;
import java.util.List;

/** What the journal holds. */
public final class LedgerEventCodec {
  public static final RecordCodec<LedgerEvent, LedgerEventMessage> EVENT =
      new RecordCodec<>(
          "LedgerEvent",
          LedgerEventMessage.parser(),
          LedgerEventCodec::toMessage,
          LedgerEventCodec::fromMessage);

  static final EnumMapping<DropReason, DropReasonMessage> REASONS =
      EnumMapping.of(
          DropReason.values(),
          reason ->
              switch (reason) {
                case LEASE_EXPIRED -> DropReasonMessage.DROP_REASON_LEASE_EXPIRED;
                case NODE_LOST -> DropReasonMessage.DROP_REASON_NODE_LOST;
                case STALE -> DropReasonMessage.DROP_REASON_STALE;
                case FILTERED -> DropReasonMessage.DROP_REASON_FILTERED;
                case REWARD_INVALID -> DropReasonMessage.DROP_REASON_REWARD_INVALID;
                case REWARD_TIMED_OUT -> DropReasonMessage.DROP_REASON_REWARD_TIMED_OUT;
                case REWARD_CRASHED -> DropReasonMessage.DROP_REASON_REWARD_CRASHED;
                case EVICTED -> DropReasonMessage.DROP_REASON_EVICTED;
                case ORPHANED -> DropReasonMessage.DROP_REASON_ORPHANED;
                case RUN_ENDED -> DropReasonMessage.DROP_REASON_RUN_ENDED;
                case SWAPPED -> DropReasonMessage.DROP_REASON_SWAPPED;
              });

  private LedgerEventCodec() {}

  public static byte[] encode(LedgerEvent event) {
    return EVENT.encode(event);
  }

  /** An event whose length is known before it is written, so that nobody makes an array for it. */
  public static final class Encoding {
    private final LedgerEventMessage message;

    private Encoding(LedgerEventMessage message) {
      this.message = message;
    }

    public int bytes() {
      return message.getSerializedSize();
    }

    /** Writes {@link #bytes} bytes at the beginning of {@code target}. */
    public void write(byte[] target) {
      RecordCodec.write(message, CodedOutputStream.newInstance(target, 0, bytes()));
    }
  }

  public static Encoding encoding(LedgerEvent event) {
    return new Encoding(toMessage(event));
  }

  /** Writes the event without a length; the caller's frame knows where it ends. */
  public static void encode(LedgerEvent event, CodedOutputStream out) {
    RecordCodec.write(toMessage(event), out);
  }

  public static LedgerEvent decode(byte[] bytes) {
    return EVENT.decode(bytes);
  }

  /** Decodes all that remains in {@code bytes} and leaves its position alone. */
  public static LedgerEvent decode(ByteBuffer bytes) {
    return EVENT.decode(bytes);
  }

  private static LedgerEventMessage toMessage(LedgerEvent event) {
    var message = LedgerEventMessage.newBuilder();
    switch (event) {
      case LedgerEvent.EpochBegan(var epoch, var unixMillis, var machine) ->
          message.setEpochBegan(
              EpochBeganMessage.newBuilder()
                  .setEpoch(epoch)
                  .setUnixMillis(unixMillis)
                  .setMachine(machine));
      case LedgerEvent.Granted(var lease, var holder) ->
          message.setGranted(
              GrantedMessage.newBuilder().setLease(LeaseCodec.toMessage(lease)).setHolder(holder));
      case LedgerEvent.Recorded(var trajectory) ->
          message.setRecorded(
              RecordedMessage.newBuilder().setTrajectory(BatchCodec.toMessage(trajectory)));
      case LedgerEvent.Dropped(var id, var reason, var detail, var length) ->
          message.setDropped(
              DroppedMessage.newBuilder()
                  .setId(TrajectoryCodec.toMessage(id))
                  .setReason(REASONS.wire(reason))
                  .setDetail(detail)
                  .setLength(length));
      case LedgerEvent.BatchCut(var number, var ids) -> {
        var cut = BatchCutMessage.newBuilder().setNumber(number);
        for (TrajectoryId id : ids) {
          cut.addIds(TrajectoryCodec.toMessage(id));
        }
        message.setBatchCut(cut);
      }
      case LedgerEvent.Updated(var version, var batch, var skipped, var trace) -> {
        var updated =
            UpdatedMessage.newBuilder()
                .setVersion(PolicyCodec.toMessage(version))
                .setBatch(batch)
                .setSkipped(skipped);
        if (!trace.equals(UpdateTrace.NONE)) {
          updated.setTrace(EvidenceCodec.toMessage(trace));
        }
        message.setUpdated(updated);
      }
      case LedgerEvent.IncarnationBegan began ->
          message.setIncarnationBegan(incarnationBegan(began));
      case LedgerEvent.Committed(var checkpoint, var lastBatch, var firstUpdate) ->
          message.setCommitted(committed(checkpoint, lastBatch, firstUpdate));
      case LedgerEvent.VerifierChosen chosen -> message.setVerifierChosen(chosen(chosen));
      case LedgerEvent.RunEnded(var why) ->
          message.setRunEnded(RunEndedMessage.newBuilder().setWhy(why));
      case LedgerEvent.Summarised summary -> message.setSummarised(summarised(summary));
    }
    return message.build();
  }

  private static IncarnationBeganMessage incarnationBegan(LedgerEvent.IncarnationBegan began) {
    var message =
        IncarnationBeganMessage.newBuilder()
            .setIncarnation(began.incarnation())
            .setFromUpdate(began.fromUpdate())
            .setLastBatch(began.lastBatch());
    if (began.processor().isKnown()) {
      message.setProcessor(EvidenceCodec.toMessage(began.processor()));
    }
    return message.build();
  }

  private static CommittedMessage committed(
      CheckpointRef checkpoint, long lastBatch, long firstUpdate) {
    return CommittedMessage.newBuilder()
        .setCheckpoint(CheckpointCodec.toMessage(checkpoint))
        .setLastBatch(lastBatch)
        .setFirstUpdate(firstUpdate)
        .build();
  }

  private static VerifierChosenMessage chosen(LedgerEvent.VerifierChosen chosen) {
    return VerifierChosenMessage.newBuilder()
        .setVerifier(OutcomeCodec.toMessage(chosen.verifier()))
        .setFirstGroup(chosen.firstGroup())
        .setUnixMillis(chosen.unixMillis())
        .build();
  }

  private static SummarisedMessage summarised(LedgerEvent.Summarised summary) {
    var message =
        SummarisedMessage.newBuilder()
            .setFirstEpoch(summary.firstEpoch())
            .setFirstSequence(summary.firstSequence())
            .setGranted(summary.granted())
            .setConsumed(summary.consumed())
            .setUpdates(summary.updates())
            .setOldestKeptBatch(summary.oldestKeptBatch())
            .setGrantedSoFar(summary.grantedSoFar())
            .setCutSoFar(summary.cutSoFar())
            .setSkippedUpdates(summary.skippedUpdates())
            .setVerdicts(summary.verdicts())
            .setFailures(summary.failures());
    for (GroupRange range : summary.closed()) {
      message.addClosed(
          GroupRangeMessage.newBuilder().setFirst(range.first()).setLast(range.last()));
    }
    for (DropCount drop : summary.drops()) {
      message.addDrops(
          DropCountMessage.newBuilder()
              .setReason(REASONS.wire(drop.reason()))
              .setDifficulty(drop.difficulty())
              .setLengthFrom(drop.lengthFrom())
              .setCount(drop.count()));
    }
    for (LedgerEvent.Committed commit : summary.commits()) {
      message.addCommits(committed(commit.checkpoint(), commit.lastBatch(), commit.firstUpdate()));
    }
    for (LedgerEvent.IncarnationBegan began : summary.incarnations()) {
      message.addIncarnations(incarnationBegan(began));
    }
    for (LedgerEvent.VerifierChosen chosen : summary.verifiers()) {
      message.addVerifiers(chosen(chosen));
    }
    return message.build();
  }

  private static LedgerEvent fromMessage(LedgerEventMessage message, Where where) {
    return switch (message.getEventCase()) {
      case EPOCH_BEGAN -> epochBegan(message.getEpochBegan(), where.in("epoch_began"));
      case GRANTED -> granted(message.getGranted(), where.in("granted"));
      case RECORDED -> recorded(message.getRecorded(), where.in("recorded"));
      case DROPPED -> dropped(message.getDropped(), where.in("dropped"));
      case BATCH_CUT -> batchCut(message.getBatchCut(), where.in("batch_cut"));
      case UPDATED -> updated(message.getUpdated(), where.in("updated"));
      case INCARNATION_BEGAN ->
          incarnationBegan(message.getIncarnationBegan(), where.in("incarnation_began"));
      case COMMITTED -> committed(message.getCommitted(), where.in("committed"));
      case VERIFIER_CHOSEN -> chosen(message.getVerifierChosen(), where.in("verifier_chosen"));
      case RUN_ENDED -> new LedgerEvent.RunEnded(message.getRunEnded().getWhy());
      case SUMMARISED -> summarised(message.getSummarised(), where.in("summarised"));
      case EVENT_NOT_SET -> throw where.in("event").refuse("an event that is known", "nothing");
    };
  }

  private static LedgerEvent epochBegan(EpochBeganMessage message, Where where) {
    return where.make(
        () ->
            new LedgerEvent.EpochBegan(
                message.getEpoch(), message.getUnixMillis(), message.getMachine()));
  }

  private static LedgerEvent granted(GrantedMessage message, Where where) {
    Lease lease =
        LeaseCodec.fromMessage(message.getLease(), where.required("lease", message.hasLease()));
    return where.make(() -> new LedgerEvent.Granted(lease, message.getHolder()));
  }

  private static LedgerEvent recorded(RecordedMessage message, Where where) {
    JudgedTrajectory trajectory =
        BatchCodec.fromMessage(
            message.getTrajectory(), where.required("trajectory", message.hasTrajectory()));
    return where.make(() -> new LedgerEvent.Recorded(trajectory));
  }

  private static LedgerEvent dropped(DroppedMessage message, Where where) {
    TrajectoryId id =
        TrajectoryCodec.fromMessage(message.getId(), where.required("id", message.hasId()));
    DropReason reason = REASONS.read(where, "reason", message.getReasonValue());
    return where.make(
        () -> new LedgerEvent.Dropped(id, reason, message.getDetail(), message.getLength()));
  }

  private static LedgerEvent batchCut(BatchCutMessage message, Where where) {
    List<TrajectoryId> ids = where.each("ids", message.getIdsList(), TrajectoryCodec::fromMessage);
    return where.make(() -> new LedgerEvent.BatchCut(message.getNumber(), ids));
  }

  private static LedgerEvent updated(UpdatedMessage message, Where where) {
    PolicyVersion version =
        PolicyCodec.fromMessage(
            message.getVersion(), where.required("version", message.hasVersion()));
    UpdateTrace trace = EvidenceCodec.fromMessage(message.getTrace(), where.in("trace"));
    return where.make(
        () -> new LedgerEvent.Updated(version, message.getBatch(), message.getSkipped(), trace));
  }

  private static LedgerEvent.IncarnationBegan incarnationBegan(
      IncarnationBeganMessage message, Where where) {
    ProcessorKind processor =
        EvidenceCodec.fromMessage(message.getProcessor(), where.in("processor"));
    return where.make(
        () ->
            new LedgerEvent.IncarnationBegan(
                message.getIncarnation(),
                message.getFromUpdate(),
                message.getLastBatch(),
                processor));
  }

  private static LedgerEvent.Committed committed(CommittedMessage message, Where where) {
    CheckpointRef checkpoint =
        CheckpointCodec.fromMessage(
            message.getCheckpoint(), where.required("checkpoint", message.hasCheckpoint()));
    return where.make(
        () ->
            new LedgerEvent.Committed(
                checkpoint, message.getLastBatch(), message.getFirstUpdate()));
  }

  private static LedgerEvent.VerifierChosen chosen(VerifierChosenMessage message, Where where) {
    VerifierVersion verifier =
        OutcomeCodec.fromMessage(
            message.getVerifier(), where.required("verifier", message.hasVerifier()));
    return where.make(
        () ->
            new LedgerEvent.VerifierChosen(
                verifier, message.getFirstGroup(), message.getUnixMillis()));
  }

  private static LedgerEvent summarised(SummarisedMessage message, Where where) {
    List<GroupRange> closed =
        where.each(
            "closed",
            message.getClosedList(),
            (range, at) -> at.make(() -> new GroupRange(range.getFirst(), range.getLast())));
    List<DropCount> drops =
        where.each("drops", message.getDropsList(), LedgerEventCodec::dropCount);
    List<LedgerEvent.Committed> commits =
        where.each("commits", message.getCommitsList(), LedgerEventCodec::committed);
    List<LedgerEvent.IncarnationBegan> incarnations =
        where.each(
            "incarnations", message.getIncarnationsList(), LedgerEventCodec::incarnationBegan);
    List<LedgerEvent.VerifierChosen> verifiers =
        where.each("verifiers", message.getVerifiersList(), LedgerEventCodec::chosen);
    return where.make(
        () ->
            new LedgerEvent.Summarised(
                message.getFirstEpoch(),
                message.getFirstSequence(),
                closed,
                message.getGranted(),
                message.getConsumed(),
                drops,
                message.getUpdates(),
                message.getOldestKeptBatch(),
                commits,
                incarnations,
                message.getGrantedSoFar(),
                message.getCutSoFar(),
                message.getSkippedUpdates(),
                message.getVerdicts(),
                message.getFailures(),
                verifiers));
  }

  private static DropCount dropCount(DropCountMessage message, Where where) {
    DropReason reason = REASONS.read(where, "reason", message.getReasonValue());
    return where.make(
        () ->
            new DropCount(
                reason, message.getDifficulty(), message.getLengthFrom(), message.getCount()));
  }
}
