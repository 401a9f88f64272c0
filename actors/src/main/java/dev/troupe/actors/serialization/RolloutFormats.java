package dev.troupe.actors.serialization;

import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.reward.RewardAddress;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.protocol.codec.FragmentCodec;
import dev.troupe.protocol.codec.LeaseCodec;
import dev.troupe.protocol.codec.OutcomeCodec;
import dev.troupe.protocol.codec.PolicyCodec;
import dev.troupe.protocol.codec.TaskCodec;
import dev.troupe.protocol.codec.TrajectoryCodec;
import dev.troupe.protocol.proto.RewardMessage;
import dev.troupe.protocol.proto.RewardPing;
import dev.troupe.protocol.proto.RewardVerify;
import dev.troupe.protocol.proto.RewardVerifyAll;
import dev.troupe.protocol.proto.RolloutBusy;
import dev.troupe.protocol.proto.RolloutEvaluate;
import dev.troupe.protocol.proto.RolloutJudged;
import dev.troupe.protocol.proto.RolloutPolicyArrived;
import dev.troupe.protocol.proto.RolloutPong;
import dev.troupe.protocol.proto.RolloutReceipt;
import dev.troupe.protocol.proto.RolloutRecorded;
import dev.troupe.protocol.proto.RolloutRefused;
import dev.troupe.protocol.proto.RolloutReplayReads;
import dev.troupe.protocol.proto.RolloutRewards;
import dev.troupe.protocol.proto.RolloutRoom;
import dev.troupe.protocol.proto.RolloutUnwanted;
import dev.troupe.protocol.proto.RolloutVerdicts;
import dev.troupe.protocol.proto.RolloutWork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Messages to rollout actors and reward actors. */
final class RolloutFormats {
  static final List<Format<?, ?>> ALL =
      List.of(
          work(),
          unwanted(),
          recorded(),
          judged(),
          busy(),
          room(),
          replayReads(),
          pong(),
          rewards(),
          policyArrived(),
          evaluate(),
          verify(),
          ping());

  private RolloutFormats() {}

  private static Format<RolloutActor.Work, RolloutWork> work() {
    return new Format<>(
        "ow",
        RolloutActor.Work.class,
        RolloutWork.parser(),
        (work, _) -> {
          RolloutWork.Builder message =
              RolloutWork.newBuilder()
                  .setLease(LeaseCodec.LEASE.toMessage(work.lease()))
                  .setUpdateMin(work.updateMin());
          work.from().ifPresent(state -> message.setFrom(FragmentCodec.STATE.toMessage(state)));
          return message.build();
        },
        (m, _) ->
            new RolloutActor.Work(
                LeaseCodec.LEASE.fromMessage(m.getLease()),
                m.getUpdateMin(),
                m.hasFrom()
                    ? Optional.of(FragmentCodec.STATE.fromMessage(m.getFrom()))
                    : Optional.empty()));
  }

  private static Format<RolloutActor.Unwanted, RolloutUnwanted> unwanted() {
    return new Format<>(
        "ou",
        RolloutActor.Unwanted.class,
        RolloutUnwanted.parser(),
        (unwanted, _) ->
            RolloutUnwanted.newBuilder()
                .setLease(LeaseCodec.ID.toMessage(unwanted.lease()))
                .addAllIds(unwanted.ids().stream().map(TrajectoryCodec.ID::toMessage).toList())
                .build(),
        (m, _) ->
            new RolloutActor.Unwanted(
                LeaseCodec.ID.fromMessage(m.getLease()),
                m.getIdsList().stream().map(TrajectoryCodec.ID::fromMessage).toList()));
  }

  private static Format<RolloutActor.Recorded, RolloutRecorded> recorded() {
    return new Format<>(
        "or",
        RolloutActor.Recorded.class,
        RolloutRecorded.parser(),
        (recorded, _) ->
            RolloutRecorded.newBuilder()
                .addAllReceipts(recorded.receipts().stream().map(RolloutFormats::receipt).toList())
                .build(),
        (m, _) ->
            new RolloutActor.Recorded(
                m.getReceiptsList().stream()
                    .map(
                        receipt ->
                            new RolloutActor.Receipt(
                                TrajectoryCodec.ID.fromMessage(receipt.getId()),
                                receipt.getAttempt()))
                    .toList()));
  }

  private static RolloutReceipt receipt(RolloutActor.Receipt receipt) {
    return RolloutReceipt.newBuilder()
        .setId(TrajectoryCodec.ID.toMessage(receipt.id()))
        .setAttempt(receipt.attempt())
        .build();
  }

  private static Format<RolloutActor.Judged, RolloutVerdicts> judged() {
    return new Format<>(
        "ov",
        RolloutActor.Judged.class,
        RolloutVerdicts.parser(),
        (judged, _) ->
            RolloutVerdicts.newBuilder()
                .addAllVerdicts(judged.verdicts().stream().map(RolloutFormats::verdict).toList())
                .build(),
        (m, _) ->
            new RolloutActor.Judged(
                m.getVerdictsList().stream().map(RolloutFormats::verdict).toList()));
  }

  private static RolloutJudged verdict(RolloutActor.Verdict verdict) {
    return RolloutJudged.newBuilder()
        .setEvaluation(verdict.evaluation())
        .setId(TrajectoryCodec.ID.toMessage(verdict.id()))
        .setAttempt(verdict.attempt())
        .setVerifier(OutcomeCodec.VERIFIER.toMessage(verdict.verifier()))
        .setOutcome(OutcomeCodec.OUTCOME.toMessage(verdict.outcome()))
        .setVerifyingNanos(verdict.verifying().toNanos())
        .build();
  }

  private static RolloutActor.Verdict verdict(RolloutJudged m) {
    return new RolloutActor.Verdict(
        m.getEvaluation(),
        TrajectoryCodec.ID.fromMessage(m.getId()),
        m.getAttempt(),
        OutcomeCodec.VERIFIER.fromMessage(m.getVerifier()),
        OutcomeCodec.OUTCOME.fromMessage(m.getOutcome()),
        Duration.ofNanos(m.getVerifyingNanos()));
  }

  private static Format<RolloutActor.Busy, RolloutRefused> busy() {
    return new Format<>(
        "ox",
        RolloutActor.Busy.class,
        RolloutRefused.parser(),
        (busy, refs) ->
            RolloutRefused.newBuilder()
                .addAllRefused(busy.refused().stream().map(RolloutFormats::refused).toList())
                .setReward(refs.text(busy.reward()))
                .build(),
        (m, refs) ->
            new RolloutActor.Busy(
                m.getRefusedList().stream().map(RolloutFormats::refused).toList(),
                refs.ref(m.getReward())));
  }

  private static RolloutBusy refused(RolloutActor.Refused refused) {
    return RolloutBusy.newBuilder()
        .setEvaluation(refused.evaluation())
        .setId(TrajectoryCodec.ID.toMessage(refused.id()))
        .build();
  }

  private static RolloutActor.Refused refused(RolloutBusy m) {
    return new RolloutActor.Refused(m.getEvaluation(), TrajectoryCodec.ID.fromMessage(m.getId()));
  }

  private static Format<RolloutActor.Room, RolloutRoom> room() {
    return new Format<>(
        "om",
        RolloutActor.Room.class,
        RolloutRoom.parser(),
        (room, refs) ->
            RolloutRoom.newBuilder()
                .setPlaces(room.places())
                .setReward(refs.text(room.reward()))
                .build(),
        (m, refs) -> new RolloutActor.Room(m.getPlaces(), refs.ref(m.getReward())));
  }

  private static Format<RolloutActor.ReplayReads, RolloutReplayReads> replayReads() {
    return new Format<>(
        "od",
        RolloutActor.ReplayReads.class,
        RolloutReplayReads.parser(),
        (reads, _) -> RolloutReplayReads.newBuilder().setNumber(reads.number()).build(),
        (m, _) -> new RolloutActor.ReplayReads(m.getNumber()));
  }

  private static Format<RolloutActor.Pong, RolloutPong> pong() {
    return new Format<>(
        "op",
        RolloutActor.Pong.class,
        RolloutPong.parser(),
        (pong, refs) -> RolloutPong.newBuilder().setReward(refs.text(pong.reward())).build(),
        (m, refs) -> new RolloutActor.Pong(refs.ref(m.getReward())));
  }

  private static Format<RolloutActor.Rewards, RolloutRewards> rewards() {
    return new Format<>(
        "os",
        RolloutActor.Rewards.class,
        RolloutRewards.parser(),
        (rewards, refs) ->
            RolloutRewards.newBuilder()
                .addAllRewards(rewardMessages(rewards.rewards(), refs))
                .build(),
        (m, refs) -> new RolloutActor.Rewards(rewards(m.getRewardsList(), refs)));
  }

  static List<RewardMessage> rewardMessages(List<RewardAddress> rewards, Refs refs) {
    return rewards.stream()
        .map(
            reward ->
                RewardMessage.newBuilder()
                    .setReward(refs.text(reward.actor()))
                    .setVerifier(OutcomeCodec.VERIFIER.toMessage(reward.verifier()))
                    .build())
        .toList();
  }

  static List<RewardAddress> rewards(List<RewardMessage> messages, Refs refs) {
    return messages.stream()
        .map(
            message ->
                new RewardAddress(
                    OutcomeCodec.VERIFIER.fromMessage(message.getVerifier()),
                    refs.ref(message.getReward())))
        .toList();
  }

  private static Format<RolloutActor.PolicyArrived, RolloutPolicyArrived> policyArrived() {
    return new Format<>(
        "oa",
        RolloutActor.PolicyArrived.class,
        RolloutPolicyArrived.parser(),
        (arrived, _) ->
            RolloutPolicyArrived.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(arrived.version()))
                .build(),
        (m, _) -> new RolloutActor.PolicyArrived(PolicyCodec.VERSION.fromMessage(m.getVersion())));
  }

  private static Format<RolloutActor.Evaluate, RolloutEvaluate> evaluate() {
    return new Format<>(
        "oe",
        RolloutActor.Evaluate.class,
        RolloutEvaluate.parser(),
        (evaluate, refs) ->
            RolloutEvaluate.newBuilder()
                .setEvaluation(evaluate.evaluation())
                .setPart(evaluate.part())
                .setVersion(PolicyCodec.VERSION.toMessage(evaluate.version()))
                .setVerifier(OutcomeCodec.VERIFIER.toMessage(evaluate.verifier()))
                .addAllTasks(evaluate.tasks().stream().map(TaskCodec.TASK::toMessage).toList())
                .setRun(refs.text(evaluate.run()))
                .build(),
        (m, refs) ->
            new RolloutActor.Evaluate(
                m.getEvaluation(),
                m.getPart(),
                PolicyCodec.VERSION.fromMessage(m.getVersion()),
                OutcomeCodec.VERIFIER.fromMessage(m.getVerifier()),
                m.getTasksList().stream().map(TaskCodec.TASK::fromMessage).toList(),
                refs.ref(m.getRun())));
  }

  private static Format<RewardActor.Verify, RewardVerifyAll> verify() {
    return new Format<>(
        "wa",
        RewardActor.Verify.class,
        RewardVerifyAll.parser(),
        (verify, refs) ->
            RewardVerifyAll.newBuilder()
                .addAllRequests(verify.requests().stream().map(RolloutFormats::request).toList())
                .setWaiting(verify.waiting())
                .setRollout(refs.text(verify.rollout()))
                .build(),
        (m, refs) ->
            new RewardActor.Verify(
                m.getRequestsList().stream().map(RolloutFormats::request).toList(),
                m.getWaiting(),
                refs.ref(m.getRollout())));
  }

  private static RewardVerify request(RewardActor.Request request) {
    return RewardVerify.newBuilder()
        .setEvaluation(request.evaluation())
        .setTask(TaskCodec.TASK.toMessage(request.task()))
        .setTrajectory(TrajectoryCodec.TRAJECTORY.toMessage(request.trajectory()))
        .build();
  }

  private static RewardActor.Request request(RewardVerify m) {
    return new RewardActor.Request(
        m.getEvaluation(),
        TaskCodec.TASK.fromMessage(m.getTask()),
        TrajectoryCodec.TRAJECTORY.fromMessage(m.getTrajectory()));
  }

  private static Format<RewardActor.Ping, RewardPing> ping() {
    return new Format<>(
        "wp",
        RewardActor.Ping.class,
        RewardPing.parser(),
        (ping, refs) -> RewardPing.newBuilder().setRollout(refs.text(ping.rollout())).build(),
        (m, refs) -> new RewardActor.Ping(refs.ref(m.getRollout())));
  }
}
