package dev.troupe.protocol.codec;

import dev.troupe.protocol.ledger.ProcessorKind;
import dev.troupe.protocol.ledger.UpdateTrace;
import dev.troupe.protocol.proto.ProcessorKindMessage;
import dev.troupe.protocol.proto.UpdateTraceMessage;

/** What a learner leaves for whoever makes its updates again. */
public final class EvidenceCodec {
  public static final RecordCodec<UpdateTrace, UpdateTraceMessage> TRACE =
      new RecordCodec<>(
          "UpdateTrace",
          UpdateTraceMessage.parser(),
          EvidenceCodec::toMessage,
          EvidenceCodec::fromMessage);

  public static final RecordCodec<ProcessorKind, ProcessorKindMessage> PROCESSOR =
      new RecordCodec<>(
          "ProcessorKind",
          ProcessorKindMessage.parser(),
          EvidenceCodec::toMessage,
          EvidenceCodec::fromMessage);

  private EvidenceCodec() {}

  static UpdateTraceMessage toMessage(UpdateTrace trace) {
    return UpdateTraceMessage.newBuilder()
        .setBatchHash(trace.batchHash())
        .setSketch(TensorCodec.bytes(trace.sketch()))
        .build();
  }

  static UpdateTrace fromMessage(UpdateTraceMessage message, Where where) {
    return new UpdateTrace(
        message.getBatchHash(), TensorCodec.floats(where, "sketch", message.getSketch()));
  }

  static ProcessorKindMessage toMessage(ProcessorKind processor) {
    return ProcessorKindMessage.newBuilder()
        .setArchitecture(processor.architecture())
        .setModel(processor.model())
        .addAllInstructions(processor.instructions())
        .addAllRestrictions(processor.restrictions())
        .setDevice(processor.device())
        .setTorch(processor.torch())
        .setIntraOpThreads(processor.intraOpThreads())
        .setLearnerThreads(processor.learnerThreads())
        .build();
  }

  static ProcessorKind fromMessage(ProcessorKindMessage message, Where where) {
    return where.make(
        () ->
            new ProcessorKind(
                message.getArchitecture(),
                message.getModel(),
                message.getInstructionsList(),
                message.getRestrictionsList(),
                message.getDevice(),
                message.getTorch(),
                message.getIntraOpThreads(),
                message.getLearnerThreads()));
  }
}
