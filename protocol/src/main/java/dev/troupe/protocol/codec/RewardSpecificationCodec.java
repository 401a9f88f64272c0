package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.OnFailedMemberMessage;
import dev.troupe.protocol.proto.PastBudgetMessage;
import dev.troupe.protocol.proto.RewardSpecificationMessage;
import dev.troupe.protocol.proto.RewardTrialMessage;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RewardSpecification.OnFailedMember;
import dev.troupe.protocol.run.RewardSpecification.PastBudget;
import dev.troupe.protocol.run.RewardSpecification.Trial;
import java.time.Duration;

/** Who judges trajectories. */
final class RewardSpecificationCodec {
  static final EnumMapping<OnFailedMember, OnFailedMemberMessage> ON_FAILED_MEMBER =
      EnumMapping.of(
          OnFailedMember.values(),
          on ->
              switch (on) {
                case DROP_MEMBER -> OnFailedMemberMessage.ON_FAILED_MEMBER_DROP_MEMBER;
                case DROP_GROUP -> OnFailedMemberMessage.ON_FAILED_MEMBER_DROP_GROUP;
              });

  static final EnumMapping<PastBudget, PastBudgetMessage> PAST_BUDGET =
      EnumMapping.of(
          PastBudget.values(),
          past ->
              switch (past) {
                case PAUSE -> PastBudgetMessage.PAST_BUDGET_PAUSE;
                case FAIL -> PastBudgetMessage.PAST_BUDGET_FAIL;
              });

  private RewardSpecificationCodec() {}

  static RewardSpecificationMessage toMessage(RewardSpecification reward) {
    return RewardSpecificationMessage.newBuilder()
        .setVerifier(reward.verifier())
        .setVersion(reward.version())
        .setSettings(reward.settings())
        .setTimeLimitNanos(reward.timeLimit().toNanos())
        .setActors(reward.actors())
        .setWorkers(reward.workers())
        .setQueueMax(reward.queueMax())
        .setAttemptsMax(reward.attemptsMax())
        .setOnFailedMember(ON_FAILED_MEMBER.wire(reward.onFailedMember()))
        .setFailureBudget(reward.failureBudget())
        .setFailureBudgetShare(reward.failureBudgetShare())
        .setArtificialDelayNanos(reward.artificialDelay().toNanos())
        .setPastBudget(PAST_BUDGET.wire(reward.pastBudget()))
        .setTrial(
            RewardTrialMessage.newBuilder()
                .setTrajectories(reward.trial().trajectories())
                .setMaxFailureRate(reward.trial().maxFailureRate())
                .setMaxDisagreement(reward.trial().maxDisagreement()))
        .build();
  }

  static RewardSpecification fromMessage(RewardSpecificationMessage message, Where where) {
    Duration timeLimit = where.nanos("time_limit_nanos", message.getTimeLimitNanos());
    OnFailedMember onFailedMember =
        ON_FAILED_MEMBER.read(where, "on_failed_member", message.getOnFailedMemberValue());
    String settings =
        message.getSettings().isEmpty() ? RewardSpecification.NO_SETTINGS : message.getSettings();
    Duration artificialDelay =
        where.nanos("artificial_delay_nanos", message.getArtificialDelayNanos());
    PastBudget pastBudget =
        message.getPastBudget() == PastBudgetMessage.PAST_BUDGET_UNSPECIFIED
            ? PastBudget.FAIL
            : PAST_BUDGET.read(where, "past_budget", message.getPastBudgetValue());
    Trial trial = message.hasTrial() ? trial(message.getTrial(), where.in("trial")) : Trial.NONE;
    return where.make(
        () ->
            new RewardSpecification(
                message.getVerifier(),
                message.getVersion(),
                settings,
                timeLimit,
                message.getActors(),
                message.getWorkers(),
                message.getQueueMax(),
                message.getAttemptsMax(),
                onFailedMember,
                message.getFailureBudget(),
                message.getFailureBudgetShare(),
                artificialDelay,
                pastBudget,
                trial));
  }

  private static Trial trial(RewardTrialMessage message, Where where) {
    return where.make(
        () ->
            new Trial(
                message.getTrajectories(),
                message.getMaxFailureRate(),
                message.getMaxDisagreement()));
  }
}
