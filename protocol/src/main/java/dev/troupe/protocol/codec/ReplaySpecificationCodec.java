package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.JournalRetainMessage;
import dev.troupe.protocol.proto.OnStragglerMessage;
import dev.troupe.protocol.proto.OrphansMessage;
import dev.troupe.protocol.proto.ReplaySpecificationMessage;
import dev.troupe.protocol.run.ReplaySpecification;
import dev.troupe.protocol.run.ReplaySpecification.JournalRetain;
import dev.troupe.protocol.run.ReplaySpecification.OnStraggler;
import dev.troupe.protocol.run.ReplaySpecification.Orphans;
import java.time.Duration;

/** Batches, lag, leases and the journal. */
final class ReplaySpecificationCodec {
  static final EnumMapping<OnStraggler, OnStragglerMessage> ON_STRAGGLER =
      EnumMapping.of(
          OnStraggler.values(),
          on ->
              switch (on) {
                case DROP -> OnStragglerMessage.ON_STRAGGLER_DROP;
                case HOLD -> OnStragglerMessage.ON_STRAGGLER_HOLD;
              });

  static final EnumMapping<Orphans, OrphansMessage> ORPHANS =
      EnumMapping.of(
          Orphans.values(),
          orphans ->
              switch (orphans) {
                case ADMIT -> OrphansMessage.ORPHANS_ADMIT;
                case DROP -> OrphansMessage.ORPHANS_DROP;
              });

  static final EnumMapping<JournalRetain, JournalRetainMessage> JOURNAL_RETAIN =
      EnumMapping.of(
          JournalRetain.values(),
          retain ->
              switch (retain) {
                case ALL -> JournalRetainMessage.JOURNAL_RETAIN_ALL;
                case SINCE_OLDEST_CHECKPOINT ->
                    JournalRetainMessage.JOURNAL_RETAIN_SINCE_OLDEST_CHECKPOINT;
              });

  private ReplaySpecificationCodec() {}

  static ReplaySpecificationMessage toMessage(ReplaySpecification replay) {
    return ReplaySpecificationMessage.newBuilder()
        .setGroups(replay.groups())
        .setGroupSize(replay.groupSize())
        .setPolicyLagMax(replay.policyLagMax())
        .setReuse(replay.reuse())
        .setOnStraggler(ON_STRAGGLER.wire(replay.onStraggler()))
        .setFilterUniform(replay.filterUniform())
        .setOrphans(ORPHANS.wire(replay.orphans()))
        .setLeaseLimitNanos(replay.leaseLimit().toNanos())
        .setJournalSegmentBytes(replay.journalSegmentBytes())
        .setJournalRetain(JOURNAL_RETAIN.wire(replay.journalRetain()))
        .setDiskFreeMin(replay.diskFreeMin())
        .build();
  }

  static ReplaySpecification fromMessage(ReplaySpecificationMessage message, Where where) {
    OnStraggler onStraggler =
        ON_STRAGGLER.read(where, "on_straggler", message.getOnStragglerValue());
    Orphans orphans = ORPHANS.read(where, "orphans", message.getOrphansValue());
    Duration leaseLimit = where.nanos("lease_limit_nanos", message.getLeaseLimitNanos());
    JournalRetain journalRetain =
        JOURNAL_RETAIN.read(where, "journal_retain", message.getJournalRetainValue());
    return where.make(
        () ->
            new ReplaySpecification(
                message.getGroups(),
                message.getGroupSize(),
                message.getPolicyLagMax(),
                message.getReuse(),
                onStraggler,
                message.getFilterUniform(),
                orphans,
                leaseLimit,
                message.getJournalSegmentBytes(),
                journalRetain,
                message.getDiskFreeMin()));
  }
}
