package dev.troupe.protocol.codec;

import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.proto.BatchGroupMessage;
import dev.troupe.protocol.proto.BatchMessage;
import dev.troupe.protocol.proto.JudgedTrajectoryMessage;
import dev.troupe.protocol.trajectory.Trajectory;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** Batches and what they are made of. */
public final class BatchCodec {
  public static final RecordCodec<JudgedTrajectory, JudgedTrajectoryMessage> JUDGED_TRAJECTORY =
      new RecordCodec<>(
          "JudgedTrajectory",
          JudgedTrajectoryMessage.parser(),
          BatchCodec::toMessage,
          BatchCodec::fromMessage);

  public static final RecordCodec<Batch, BatchMessage> BATCH =
      new RecordCodec<>(
          "Batch", BatchMessage.parser(), BatchCodec::toMessage, BatchCodec::fromMessage);

  private BatchCodec() {}

  /**
   * SHA-256, hex, of what an update learns from: each judged trajectory's length in bytes (four,
   * big-endian) and its encoding, in the batch's order.
   */
  public static String hash(Batch batch) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (BatchGroup group : batch.groups()) {
        for (JudgedTrajectory judged : group.trajectories()) {
          byte[] bytes = JUDGED_TRAJECTORY.encode(judged);
          digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
          digest.update(bytes);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static JudgedTrajectoryMessage toMessage(JudgedTrajectory judged) {
    return JudgedTrajectoryMessage.newBuilder()
        .setTrajectory(TrajectoryCodec.toMessage(judged.trajectory()))
        .setVerifier(OutcomeCodec.toMessage(judged.verifier()))
        .setOutcome(OutcomeCodec.toMessage(judged.outcome()))
        .setVerifyingNanos(judged.verifying().toNanos())
        .build();
  }

  static JudgedTrajectory fromMessage(JudgedTrajectoryMessage message, Where where) {
    Trajectory trajectory =
        TrajectoryCodec.fromMessage(
            message.getTrajectory(), where.required("trajectory", message.hasTrajectory()));
    VerifierRef verifier =
        OutcomeCodec.fromMessage(
            message.getVerifier(), where.required("verifier", message.hasVerifier()));
    Outcome outcome =
        OutcomeCodec.fromMessage(
            message.getOutcome(), where.required("outcome", message.hasOutcome()));
    Duration verifying = where.nanos("verifying_nanos", message.getVerifyingNanos());
    return where.make(() -> new JudgedTrajectory(trajectory, verifier, outcome, verifying));
  }

  private static BatchMessage toMessage(Batch batch) {
    var message = BatchMessage.newBuilder().setNumber(batch.number());
    for (BatchGroup group : batch.groups()) {
      var inside = BatchGroupMessage.newBuilder().setGroup(LeaseCodec.toMessage(group.group()));
      for (JudgedTrajectory judged : group.trajectories()) {
        inside.addTrajectories(toMessage(judged));
      }
      message.addGroups(inside.build());
    }
    return message.build();
  }

  private static Batch fromMessage(BatchMessage message, Where where) {
    List<BatchGroup> groups = where.each("groups", message.getGroupsList(), BatchCodec::group);
    return where.make(() -> new Batch(message.getNumber(), groups));
  }

  private static BatchGroup group(BatchGroupMessage message, Where where) {
    Group group =
        LeaseCodec.fromMessage(message.getGroup(), where.required("group", message.hasGroup()));
    List<JudgedTrajectory> trajectories =
        where.each("trajectories", message.getTrajectoriesList(), BatchCodec::fromMessage);
    return where.make(() -> new BatchGroup(group, trajectories));
  }
}
