package dev.troupe.protocol.codec;

import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyTensor;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.proto.PolicyManifestMessage;
import dev.troupe.protocol.proto.PolicyTensorMessage;
import dev.troupe.protocol.proto.PolicyVersionMessage;
import java.util.List;

/** Policy versions and their manifests. */
public final class PolicyCodec {
  public static final RecordCodec<PolicyVersion, PolicyVersionMessage> VERSION =
      new RecordCodec<>(
          "PolicyVersion",
          PolicyVersionMessage.parser(),
          PolicyCodec::toMessage,
          PolicyCodec::fromMessage);

  public static final RecordCodec<PolicyManifest, PolicyManifestMessage> MANIFEST =
      new RecordCodec<>(
          "PolicyManifest",
          PolicyManifestMessage.parser(),
          PolicyCodec::toMessage,
          PolicyCodec::fromMessage);

  private static final LastMessage<PolicyVersion, PolicyVersionMessage> LAST_VERSION =
      new LastMessage<>(PolicyCodec::make);

  private PolicyCodec() {}

  static PolicyVersionMessage toMessage(PolicyVersion version) {
    return LAST_VERSION.of(version);
  }

  private static PolicyVersionMessage make(PolicyVersion version) {
    return PolicyVersionMessage.newBuilder()
        .setIncarnation(version.incarnation())
        .setUpdate(version.update())
        .setAdjustment(version.adjustment())
        .setHash(version.hash())
        .build();
  }

  static PolicyVersion fromMessage(PolicyVersionMessage message, Where where) {
    return where.make(
        () ->
            new PolicyVersion(
                message.getIncarnation(),
                message.getUpdate(),
                message.getAdjustment(),
                message.getHash()));
  }

  private static PolicyManifestMessage toMessage(PolicyManifest manifest) {
    return PolicyManifestMessage.newBuilder()
        .setVersion(toMessage(manifest.version()))
        .setBytes(manifest.bytes())
        .setChunkBytes(manifest.chunkBytes())
        .addAllChunkChecksums(manifest.chunkChecksums())
        .setDigest(manifest.digest())
        .addAllTensors(manifest.tensors().stream().map(PolicyCodec::toMessage).toList())
        .build();
  }

  private static PolicyTensorMessage toMessage(PolicyTensor tensor) {
    return PolicyTensorMessage.newBuilder()
        .setName(tensor.name())
        .setOffset(tensor.offset())
        .setBytes(tensor.bytes())
        .setChecksum(tensor.checksum())
        .build();
  }

  private static PolicyTensor fromMessage(PolicyTensorMessage message, Where where) {
    return where.make(
        () ->
            new PolicyTensor(
                message.getName(), message.getOffset(), message.getBytes(), message.getChecksum()));
  }

  private static PolicyManifest fromMessage(PolicyManifestMessage message, Where where) {
    PolicyVersion version =
        fromMessage(message.getVersion(), where.required("version", message.hasVersion()));
    List<PolicyTensor> tensors =
        where.each("tensors", message.getTensorsList(), PolicyCodec::fromMessage);
    return where.make(
        () ->
            new PolicyManifest(
                version,
                message.getBytes(),
                message.getChunkBytes(),
                message.getChunkChecksumsList(),
                message.getDigest(),
                tensors));
  }
}
