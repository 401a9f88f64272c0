package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.CompletionMessage;
import dev.troupe.protocol.proto.FinishReasonMessage;
import dev.troupe.protocol.proto.SegmentKindMessage;
import dev.troupe.protocol.proto.SegmentMessage;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import java.util.List;

/** Completions and their segments. */
final class CompletionCodec {
  static final EnumMapping<FinishReason, FinishReasonMessage> FINISH_REASONS =
      EnumMapping.of(
          FinishReason.values(),
          reason ->
              switch (reason) {
                case END_TOKEN -> FinishReasonMessage.FINISH_REASON_END_TOKEN;
                case STOP_STRING -> FinishReasonMessage.FINISH_REASON_STOP_STRING;
                case LENGTH -> FinishReasonMessage.FINISH_REASON_LENGTH;
              });

  static final EnumMapping<Segment.Kind, SegmentKindMessage> KINDS =
      EnumMapping.of(
          Segment.Kind.values(),
          kind ->
              switch (kind) {
                case PROMPT -> SegmentKindMessage.SEGMENT_KIND_PROMPT;
                case ANSWER -> SegmentKindMessage.SEGMENT_KIND_ANSWER;
                case TOOL_OUTPUT -> SegmentKindMessage.SEGMENT_KIND_TOOL_OUTPUT;
              });

  private CompletionCodec() {}

  static CompletionMessage toMessage(Completion completion) {
    var message =
        CompletionMessage.newBuilder().setFinish(FINISH_REASONS.wire(completion.finish()));
    for (Segment segment : completion.segments()) {
      message.addSegments(toMessage(segment));
    }
    return message.build();
  }

  static Completion fromMessage(CompletionMessage message, Where where) {
    List<Segment> segments =
        where.each("segments", message.getSegmentsList(), CompletionCodec::segment);
    FinishReason finish = FINISH_REASONS.read(where, "finish", message.getFinishValue());
    return where.make(() -> new Completion(segments, finish));
  }

  private static SegmentMessage toMessage(Segment segment) {
    return SegmentMessage.newBuilder()
        .setKind(KINDS.wire(segment.kind()))
        .setText(segment.text())
        .setTokens(TensorCodec.bytes(segment.tokens()))
        .setTrained(segment.trained())
        .setLogProbs(TensorCodec.bytes(segment.logProbs()))
        .setPolicyLogProbs(TensorCodec.bytes(segment.policyLogProbs()))
        .build();
  }

  private static Segment segment(SegmentMessage message, Where where) {
    Segment.Kind kind = KINDS.read(where, "kind", message.getKindValue());
    IntArray tokens = TensorCodec.ints(where, "tokens", message.getTokens());
    FloatArray logProbs = TensorCodec.floats(where, "log_probs", message.getLogProbs());
    FloatArray policyLogProbs =
        TensorCodec.floats(where, "policy_log_probs", message.getPolicyLogProbs());
    return where.make(
        () ->
            new Segment(
                kind, message.getText(), tokens, message.getTrained(), logProbs, policyLogProbs));
  }
}
