package dev.troupe.protocol.codec;

import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.proto.TrajectoryIdMessage;
import dev.troupe.protocol.proto.TrajectoryMessage;
import dev.troupe.protocol.proto.VersionSpanMessage;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.util.List;

/** Trajectories and their ids. */
public final class TrajectoryCodec {
  public static final RecordCodec<TrajectoryId, TrajectoryIdMessage> ID =
      new RecordCodec<>(
          "TrajectoryId",
          TrajectoryIdMessage.parser(),
          TrajectoryCodec::toMessage,
          TrajectoryCodec::fromMessage);

  public static final RecordCodec<Trajectory, TrajectoryMessage> TRAJECTORY =
      new RecordCodec<>(
          "Trajectory",
          TrajectoryMessage.parser(),
          TrajectoryCodec::toMessage,
          TrajectoryCodec::fromMessage);

  private TrajectoryCodec() {}

  static TrajectoryIdMessage toMessage(TrajectoryId id) {
    return TrajectoryIdMessage.newBuilder().setGroup(id.group()).setMember(id.member()).build();
  }

  static TrajectoryId fromMessage(TrajectoryIdMessage message, Where where) {
    return where.make(() -> new TrajectoryId(message.getGroup(), message.getMember()));
  }

  static TrajectoryMessage toMessage(Trajectory trajectory) {
    var message =
        TrajectoryMessage.newBuilder()
            .setId(toMessage(trajectory.id()))
            .setLease(LeaseCodec.toMessage(trajectory.lease()))
            .setAttempt(trajectory.attempt());
    for (VersionSpan span : trajectory.versions()) {
      message.addVersions(
          VersionSpanMessage.newBuilder()
              .setFromToken(span.fromToken())
              .setVersion(PolicyCodec.toMessage(span.version()))
              .build());
    }
    switch (trajectory.body()) {
      case TrajectoryBody.Completion completion ->
          message.setCompletion(CompletionCodec.toMessage(completion));
      case TrajectoryBody.EnvironmentFragment fragment ->
          message.setFragment(FragmentCodec.toMessage(fragment));
    }
    return message.build();
  }

  static Trajectory fromMessage(TrajectoryMessage message, Where where) {
    TrajectoryId id = fromMessage(message.getId(), where.required("id", message.hasId()));
    LeaseId lease =
        LeaseCodec.fromMessage(message.getLease(), where.required("lease", message.hasLease()));
    List<VersionSpan> versions =
        where.each("versions", message.getVersionsList(), TrajectoryCodec::span);
    TrajectoryBody body =
        switch (message.getBodyCase()) {
          case COMPLETION ->
              CompletionCodec.fromMessage(message.getCompletion(), where.in("completion"));
          case FRAGMENT -> FragmentCodec.fromMessage(message.getFragment(), where.in("fragment"));
          case BODY_NOT_SET ->
              throw where.in("body").refuse("a completion or a fragment", "nothing");
        };
    return where.make(() -> new Trajectory(id, lease, message.getAttempt(), versions, body));
  }

  private static VersionSpan span(VersionSpanMessage message, Where where) {
    PolicyVersion version =
        PolicyCodec.fromMessage(
            message.getVersion(), where.required("version", message.hasVersion()));
    return where.make(() -> new VersionSpan(message.getFromToken(), version));
  }
}
