package dev.troupe.actors.serialization;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.protocol.codec.BatchCodec;
import dev.troupe.protocol.codec.CheckpointCodec;
import dev.troupe.protocol.codec.EvidenceCodec;
import dev.troupe.protocol.codec.LeaseCodec;
import dev.troupe.protocol.codec.LedgerEventCodec;
import dev.troupe.protocol.codec.PolicyCodec;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.proto.LearnerBatchPart;
import dev.troupe.protocol.proto.LearnerBatchReady;
import dev.troupe.protocol.proto.LearnerBeginFrom;
import dev.troupe.protocol.proto.LearnerBegun;
import dev.troupe.protocol.proto.LearnerCheckpointCounts;
import dev.troupe.protocol.proto.LearnerFinish;
import dev.troupe.protocol.proto.LearnerGoOn;
import dev.troupe.protocol.proto.LearnerKeepBest;
import dev.troupe.protocol.proto.LearnerPause;
import dev.troupe.protocol.proto.LearnerRefused;
import dev.troupe.protocol.proto.LedgerEventMessage;
import dev.troupe.protocol.proto.ReplayBeginIncarnation;
import dev.troupe.protocol.proto.ReplayCheckpointWritten;
import dev.troupe.protocol.proto.ReplayClose;
import dev.troupe.protocol.proto.ReplayDemand;
import dev.troupe.protocol.proto.ReplayDoYouRead;
import dev.troupe.protocol.proto.ReplayEndRun;
import dev.troupe.protocol.proto.ReplayGoOn;
import dev.troupe.protocol.proto.ReplayHold;
import dev.troupe.protocol.proto.ReplayNextBatch;
import dev.troupe.protocol.proto.ReplayNodeLost;
import dev.troupe.protocol.proto.ReplayOffers;
import dev.troupe.protocol.proto.ReplayUpdated;
import dev.troupe.protocol.proto.ReplayWhereToBegin;
import java.util.List;
import java.util.Optional;

/** Messages to the replay actor and the learner. */
final class ReplayFormats {
  static final List<Format<?, ?>> ALL =
      List.of(
          demand(),
          offer(),
          doYouRead(),
          whereToBegin(),
          beginIncarnation(),
          nextBatch(),
          updated(),
          checkpointWritten(),
          hold(),
          replayGoOn(),
          nodeLost(),
          endRun(),
          close(),
          beginFrom(),
          begun(),
          batchReady(),
          batchPart(),
          checkpointCounts(),
          refused(),
          finish(),
          pause(),
          goOn(),
          keepBest());

  private ReplayFormats() {}

  private static Format<ReplayActor.Demand, ReplayDemand> demand() {
    return new Format<>(
        "pd",
        ReplayActor.Demand.class,
        ReplayDemand.parser(),
        (demand, refs) ->
            ReplayDemand.newBuilder()
                .setHolder(demand.holder())
                .setRollout(refs.text(demand.rollout()))
                .setLife(demand.life())
                .setReceived(demand.received())
                .setWanted(demand.wanted())
                .setClaims(demand.claims())
                .addAllHeld(demand.held().stream().map(LeaseCodec.ID::toMessage).toList())
                .build(),
        (m, refs) ->
            new ReplayActor.Demand(
                m.getHolder(),
                refs.ref(m.getRollout()),
                m.getLife(),
                m.getReceived(),
                m.getWanted(),
                m.getClaims(),
                m.getHeldList().stream().map(LeaseCodec.ID::fromMessage).toList()));
  }

  private static Format<ReplayActor.Offer, ReplayOffers> offer() {
    return new Format<>(
        "pa",
        ReplayActor.Offer.class,
        ReplayOffers.parser(),
        (offer, refs) ->
            ReplayOffers.newBuilder()
                .addAllJudged(
                    offer.judged().stream().map(BatchCodec.JUDGED_TRAJECTORY::toMessage).toList())
                .setRollout(refs.text(offer.rollout()))
                .build(),
        (m, refs) ->
            new ReplayActor.Offer(
                m.getJudgedList().stream().map(BatchCodec.JUDGED_TRAJECTORY::fromMessage).toList(),
                refs.ref(m.getRollout())));
  }

  private static Format<ReplayActor.DoYouRead, ReplayDoYouRead> doYouRead() {
    return new Format<>(
        "pr",
        ReplayActor.DoYouRead.class,
        ReplayDoYouRead.parser(),
        (asked, refs) ->
            ReplayDoYouRead.newBuilder()
                .setNumber(asked.number())
                .setRollout(refs.text(asked.rollout()))
                .build(),
        (m, refs) -> new ReplayActor.DoYouRead(m.getNumber(), refs.ref(m.getRollout())));
  }

  private static Format<ReplayActor.WhereToBegin, ReplayWhereToBegin> whereToBegin() {
    return new Format<>(
        "pw",
        ReplayActor.WhereToBegin.class,
        ReplayWhereToBegin.parser(),
        (where, refs) ->
            ReplayWhereToBegin.newBuilder().setLearner(refs.text(where.learner())).build(),
        (m, refs) -> new ReplayActor.WhereToBegin(refs.ref(m.getLearner())));
  }

  private static Format<ReplayActor.BeginIncarnation, ReplayBeginIncarnation> beginIncarnation() {
    return new Format<>(
        "pi",
        ReplayActor.BeginIncarnation.class,
        ReplayBeginIncarnation.parser(),
        (begin, refs) ->
            ReplayBeginIncarnation.newBuilder()
                .setIncarnation(begin.incarnation())
                .setFromUpdate(begin.fromUpdate())
                .setLastBatch(begin.lastBatch())
                .setProcessor(EvidenceCodec.PROCESSOR.toMessage(begin.processor()))
                .setLearner(refs.text(begin.learner()))
                .build(),
        (m, refs) ->
            new ReplayActor.BeginIncarnation(
                m.getIncarnation(),
                m.getFromUpdate(),
                m.getLastBatch(),
                EvidenceCodec.PROCESSOR.fromMessage(m.getProcessor()),
                refs.ref(m.getLearner())));
  }

  private static Format<ReplayActor.NextBatch, ReplayNextBatch> nextBatch() {
    return new Format<>(
        "pn",
        ReplayActor.NextBatch.class,
        ReplayNextBatch.parser(),
        (next, refs) ->
            ReplayNextBatch.newBuilder()
                .setIncarnation(next.incarnation())
                .setNumber(next.number())
                .setFirstUpdate(next.firstUpdate())
                .setLearner(refs.text(next.learner()))
                .build(),
        (m, refs) ->
            new ReplayActor.NextBatch(
                m.getIncarnation(), m.getNumber(), m.getFirstUpdate(), refs.ref(m.getLearner())));
  }

  private static Format<ReplayActor.Updated, ReplayUpdated> updated() {
    return new Format<>(
        "pu",
        ReplayActor.Updated.class,
        ReplayUpdated.parser(),
        (updated, _) ->
            ReplayUpdated.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(updated.version()))
                .setBatch(updated.batch())
                .setSkipped(updated.skipped())
                .setTrace(EvidenceCodec.TRACE.toMessage(updated.trace()))
                .build(),
        (m, _) ->
            new ReplayActor.Updated(
                PolicyCodec.VERSION.fromMessage(m.getVersion()),
                m.getBatch(),
                m.getSkipped(),
                EvidenceCodec.TRACE.fromMessage(m.getTrace())));
  }

  private static Format<ReplayActor.CheckpointWritten, ReplayCheckpointWritten>
      checkpointWritten() {
    return new Format<>(
        "pc",
        ReplayActor.CheckpointWritten.class,
        ReplayCheckpointWritten.parser(),
        (written, refs) ->
            ReplayCheckpointWritten.newBuilder()
                .setIncarnation(written.incarnation())
                .setCheckpoint(CheckpointCodec.REF.toMessage(written.checkpoint()))
                .setLastBatch(written.lastBatch())
                .setFirstUpdate(written.firstUpdate())
                .setLearner(refs.text(written.learner()))
                .build(),
        (m, refs) ->
            new ReplayActor.CheckpointWritten(
                m.getIncarnation(),
                CheckpointCodec.REF.fromMessage(m.getCheckpoint()),
                m.getLastBatch(),
                m.getFirstUpdate(),
                refs.ref(m.getLearner())));
  }

  private static Format<ReplayActor.Hold, ReplayHold> hold() {
    return new Format<>(
        "ph",
        ReplayActor.Hold.class,
        ReplayHold.parser(),
        (hold, _) -> ReplayHold.newBuilder().setWhy(hold.why()).build(),
        (m, _) -> new ReplayActor.Hold(m.getWhy()));
  }

  private static Format<ReplayActor.GoOn, ReplayGoOn> replayGoOn() {
    return new Format<>(
        "pg",
        ReplayActor.GoOn.class,
        ReplayGoOn.parser(),
        (_, _) -> ReplayGoOn.getDefaultInstance(),
        (_, _) -> new ReplayActor.GoOn());
  }

  private static Format<ReplayActor.NodeLost, ReplayNodeLost> nodeLost() {
    return new Format<>(
        "pl",
        ReplayActor.NodeLost.class,
        ReplayNodeLost.parser(),
        (lost, _) -> ReplayNodeLost.newBuilder().setLost(lost.lost()).build(),
        (m, _) -> new ReplayActor.NodeLost(m.getLost()));
  }

  private static Format<ReplayActor.EndRun, ReplayEndRun> endRun() {
    return new Format<>(
        "pe",
        ReplayActor.EndRun.class,
        ReplayEndRun.parser(),
        (end, _) -> ReplayEndRun.newBuilder().setWhy(end.why()).build(),
        (m, _) -> new ReplayActor.EndRun(m.getWhy()));
  }

  private static Format<ReplayActor.Close, ReplayClose> close() {
    return new Format<>(
        "px",
        ReplayActor.Close.class,
        ReplayClose.parser(),
        (_, _) -> ReplayClose.getDefaultInstance(),
        (_, _) -> new ReplayActor.Close());
  }

  private static Format<LearnerActor.BeginFrom, LearnerBeginFrom> beginFrom() {
    return new Format<>(
        "lf",
        LearnerActor.BeginFrom.class,
        LearnerBeginFrom.parser(),
        (from, _) -> {
          var builder = LearnerBeginFrom.newBuilder().setIncarnation(from.incarnation());
          from.commit().ifPresent(it -> builder.setCommit(LedgerEventCodec.EVENT.toMessage(it)));
          return builder.build();
        },
        (m, _) ->
            new LearnerActor.BeginFrom(
                m.getIncarnation(),
                m.hasCommit() ? Optional.of(commit(m.getCommit())) : Optional.empty()));
  }

  private static LedgerEvent.Committed commit(LedgerEventMessage message) {
    LedgerEvent event = LedgerEventCodec.EVENT.fromMessage(message);
    if (event instanceof LedgerEvent.Committed committed) {
      return committed;
    }
    throw new IllegalArgumentException("a learner begins from a commit, got [" + event + "]");
  }

  private static Format<LearnerActor.Begun, LearnerBegun> begun() {
    return new Format<>(
        "lg",
        LearnerActor.Begun.class,
        LearnerBegun.parser(),
        (begun, _) -> LearnerBegun.newBuilder().setIncarnation(begun.incarnation()).build(),
        (m, _) -> new LearnerActor.Begun(m.getIncarnation()));
  }

  private static Format<LearnerActor.BatchReady, LearnerBatchReady> batchReady() {
    return new Format<>(
        "lb",
        LearnerActor.BatchReady.class,
        LearnerBatchReady.parser(),
        (ready, _) ->
            LearnerBatchReady.newBuilder()
                .setBatch(BatchCodec.BATCH.toMessage(ready.batch()))
                .build(),
        (m, _) -> new LearnerActor.BatchReady(BatchCodec.BATCH.fromMessage(m.getBatch())));
  }

  private static Format<LearnerActor.BatchPart, LearnerBatchPart> batchPart() {
    return new Format<>(
        "la",
        LearnerActor.BatchPart.class,
        LearnerBatchPart.parser(),
        (part, _) ->
            LearnerBatchPart.newBuilder()
                .setNumber(part.number())
                .setPart(part.part())
                .setParts(part.parts())
                .setBytes(part.bytes())
                .build(),
        (m, _) ->
            new LearnerActor.BatchPart(m.getNumber(), m.getPart(), m.getParts(), m.getBytes()));
  }

  private static Format<LearnerActor.CheckpointCounts, LearnerCheckpointCounts> checkpointCounts() {
    return new Format<>(
        "lc",
        LearnerActor.CheckpointCounts.class,
        LearnerCheckpointCounts.parser(),
        (counts, _) ->
            LearnerCheckpointCounts.newBuilder()
                .setCheckpoint(CheckpointCodec.REF.toMessage(counts.checkpoint()))
                .build(),
        (m, _) ->
            new LearnerActor.CheckpointCounts(CheckpointCodec.REF.fromMessage(m.getCheckpoint())));
  }

  private static Format<LearnerActor.Refused, LearnerRefused> refused() {
    return new Format<>(
        "lr",
        LearnerActor.Refused.class,
        LearnerRefused.parser(),
        (refused, _) ->
            LearnerRefused.newBuilder()
                .setIncarnation(refused.incarnation())
                .setWhy(refused.why())
                .build(),
        (m, _) -> new LearnerActor.Refused(m.getIncarnation(), m.getWhy()));
  }

  private static Format<LearnerActor.Finish, LearnerFinish> finish() {
    return new Format<>(
        "le",
        LearnerActor.Finish.class,
        LearnerFinish.parser(),
        (finish, _) -> LearnerFinish.newBuilder().setWhy(finish.why()).build(),
        (m, _) -> new LearnerActor.Finish(m.getWhy()));
  }

  private static Format<LearnerActor.Pause, LearnerPause> pause() {
    return new Format<>(
        "lp",
        LearnerActor.Pause.class,
        LearnerPause.parser(),
        (_, _) -> LearnerPause.getDefaultInstance(),
        (_, _) -> new LearnerActor.Pause());
  }

  private static Format<LearnerActor.GoOn, LearnerGoOn> goOn() {
    return new Format<>(
        "lo",
        LearnerActor.GoOn.class,
        LearnerGoOn.parser(),
        (_, _) -> LearnerGoOn.getDefaultInstance(),
        (_, _) -> new LearnerActor.GoOn());
  }

  private static Format<LearnerActor.KeepBest, LearnerKeepBest> keepBest() {
    return new Format<>(
        "lk",
        LearnerActor.KeepBest.class,
        LearnerKeepBest.parser(),
        (keep, _) -> LearnerKeepBest.newBuilder().setUpdate(keep.update()).build(),
        (m, _) -> new LearnerActor.KeepBest(m.getUpdate()));
  }
}
