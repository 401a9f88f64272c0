package dev.troupe.protocol.codec;

import dev.troupe.protocol.checkpoint.CheckpointRef;
import dev.troupe.protocol.checkpoint.CheckpointState;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.proto.CheckpointRefMessage;
import dev.troupe.protocol.proto.CheckpointStateMessage;

/** Checkpoints: their names and their states. */
public final class CheckpointCodec {
  public static final RecordCodec<CheckpointRef, CheckpointRefMessage> REF =
      new RecordCodec<>(
          "CheckpointRef",
          CheckpointRefMessage.parser(),
          CheckpointCodec::toMessage,
          CheckpointCodec::fromMessage);

  public static final RecordCodec<CheckpointState, CheckpointStateMessage> STATE =
      new RecordCodec<>(
          "CheckpointState",
          CheckpointStateMessage.parser(),
          CheckpointCodec::toMessage,
          CheckpointCodec::fromMessage);

  private CheckpointCodec() {}

  static CheckpointRefMessage toMessage(CheckpointRef checkpoint) {
    return CheckpointRefMessage.newBuilder()
        .setUpdate(checkpoint.update())
        .setEpoch(checkpoint.epoch())
        .setManifestHash(checkpoint.manifestHash())
        .build();
  }

  static CheckpointRef fromMessage(CheckpointRefMessage message, Where where) {
    return where.make(
        () ->
            new CheckpointRef(message.getUpdate(), message.getEpoch(), message.getManifestHash()));
  }

  private static CheckpointStateMessage toMessage(CheckpointState state) {
    return CheckpointStateMessage.newBuilder()
        .setVersion(PolicyCodec.toMessage(state.version()))
        .setLastBatch(state.lastBatch())
        .setFirstUpdate(state.firstUpdate())
        .setSftSteps(state.sftSteps())
        .setOptimizerSteps(state.optimizerSteps())
        .setSkippedUpdates(state.skippedUpdates())
        .putAllRandom(state.random())
        .putAllMetrics(state.metrics())
        .build();
  }

  private static CheckpointState fromMessage(CheckpointStateMessage message, Where where) {
    PolicyVersion version =
        PolicyCodec.fromMessage(
            message.getVersion(), where.required("version", message.hasVersion()));
    return where.make(
        () ->
            new CheckpointState(
                version,
                message.getLastBatch(),
                message.getFirstUpdate(),
                message.getSftSteps(),
                message.getOptimizerSteps(),
                message.getSkippedUpdates(),
                message.getRandomMap(),
                message.getMetricsMap()));
  }
}
