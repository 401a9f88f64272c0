package dev.troupe.protocol.codec;

import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.lease.Lease;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.proto.GroupMessage;
import dev.troupe.protocol.proto.LeaseIdMessage;
import dev.troupe.protocol.proto.LeaseMessage;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.tensor.IntArray;
import java.time.Duration;

/** Leases and the groups that they are for. */
public final class LeaseCodec {
  public static final RecordCodec<LeaseId, LeaseIdMessage> ID =
      new RecordCodec<>(
          "LeaseId", LeaseIdMessage.parser(), LeaseCodec::toMessage, LeaseCodec::fromMessage);

  public static final RecordCodec<Group, GroupMessage> GROUP =
      new RecordCodec<>(
          "Group", GroupMessage.parser(), LeaseCodec::toMessage, LeaseCodec::fromMessage);

  public static final RecordCodec<Lease, LeaseMessage> LEASE =
      new RecordCodec<>(
          "Lease", LeaseMessage.parser(), LeaseCodec::toMessage, LeaseCodec::fromMessage);

  private static final LastMessage<LeaseId, LeaseIdMessage> LAST_ID =
      new LastMessage<>(LeaseCodec::make);

  private LeaseCodec() {}

  static LeaseIdMessage toMessage(LeaseId id) {
    return LAST_ID.of(id);
  }

  private static LeaseIdMessage make(LeaseId id) {
    return LeaseIdMessage.newBuilder().setEpoch(id.epoch()).setNumber(id.number()).build();
  }

  static LeaseId fromMessage(LeaseIdMessage message, Where where) {
    return where.make(() -> new LeaseId(message.getEpoch(), message.getNumber()));
  }

  static GroupMessage toMessage(Group group) {
    return GroupMessage.newBuilder()
        .setNumber(group.number())
        .setTask(TaskCodec.toMessage(group.task()))
        .setSize(group.size())
        .setVerifier(OutcomeCodec.toMessage(group.verifier()))
        .build();
  }

  static Group fromMessage(GroupMessage message, Where where) {
    Task task = TaskCodec.fromMessage(message.getTask(), where.required("task", message.hasTask()));
    VerifierRef verifier =
        OutcomeCodec.fromMessage(
            message.getVerifier(), where.required("verifier", message.hasVerifier()));
    return where.make(() -> new Group(message.getNumber(), task, message.getSize(), verifier));
  }

  static LeaseMessage toMessage(Lease lease) {
    return LeaseMessage.newBuilder()
        .setId(toMessage(lease.id()))
        .setGroup(toMessage(lease.group()))
        .setMembers(TensorCodec.bytes(lease.members()))
        .setAttempt(lease.attempt())
        .setLimitNanos(lease.limit().toNanos())
        .build();
  }

  static Lease fromMessage(LeaseMessage message, Where where) {
    LeaseId id = fromMessage(message.getId(), where.required("id", message.hasId()));
    Group group = fromMessage(message.getGroup(), where.required("group", message.hasGroup()));
    IntArray members = TensorCodec.ints(where, "members", message.getMembers());
    Duration limit = where.nanos("limit_nanos", message.getLimitNanos());
    return where.make(() -> new Lease(id, group, members, message.getAttempt(), limit));
  }
}
