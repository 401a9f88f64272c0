package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.AdvantageMessage;
import dev.troupe.protocol.proto.AggregationMessage;
import dev.troupe.protocol.proto.ComputeMessage;
import dev.troupe.protocol.proto.ImportanceMessage;
import dev.troupe.protocol.proto.KlMessage;
import dev.troupe.protocol.proto.LearnerSpecificationMessage;
import dev.troupe.protocol.proto.OldPolicyMessage;
import dev.troupe.protocol.run.LearnerSpecification;
import dev.troupe.protocol.run.LearnerSpecification.Advantage;
import dev.troupe.protocol.run.LearnerSpecification.Aggregation;
import dev.troupe.protocol.run.LearnerSpecification.Compute;
import dev.troupe.protocol.run.LearnerSpecification.Importance;
import dev.troupe.protocol.run.LearnerSpecification.Kl;
import dev.troupe.protocol.run.LearnerSpecification.OldPolicy;

/** Reinforcement learning on verified rewards. */
final class LearnerSpecificationCodec {
  static final EnumMapping<Advantage, AdvantageMessage> ADVANTAGES =
      EnumMapping.of(
          Advantage.values(),
          advantage ->
              switch (advantage) {
                case GRPO -> AdvantageMessage.ADVANTAGE_GRPO;
                case DR_GRPO -> AdvantageMessage.ADVANTAGE_DR_GRPO;
                case RLOO -> AdvantageMessage.ADVANTAGE_RLOO;
                case REINFORCE_PP -> AdvantageMessage.ADVANTAGE_REINFORCE_PP;
                case REINFORCE_PP_BASELINE -> AdvantageMessage.ADVANTAGE_REINFORCE_PP_BASELINE;
              });

  static final EnumMapping<OldPolicy, OldPolicyMessage> OLD_POLICIES =
      EnumMapping.of(
          OldPolicy.values(),
          old ->
              switch (old) {
                case BEHAVIOUR -> OldPolicyMessage.OLD_POLICY_BEHAVIOUR;
                case RECOMPUTED -> OldPolicyMessage.OLD_POLICY_RECOMPUTED;
              });

  static final EnumMapping<Importance, ImportanceMessage> IMPORTANCES =
      EnumMapping.of(
          Importance.values(),
          importance ->
              switch (importance) {
                case NONE -> ImportanceMessage.IMPORTANCE_NONE;
                case TOKEN -> ImportanceMessage.IMPORTANCE_TOKEN;
                case SEQUENCE -> ImportanceMessage.IMPORTANCE_SEQUENCE;
              });

  static final EnumMapping<Kl, KlMessage> KLS =
      EnumMapping.of(
          Kl.values(),
          kl ->
              switch (kl) {
                case NONE -> KlMessage.KL_NONE;
                case K1 -> KlMessage.KL_K1;
                case K2 -> KlMessage.KL_K2;
                case K3 -> KlMessage.KL_K3;
              });

  static final EnumMapping<Aggregation, AggregationMessage> AGGREGATIONS =
      EnumMapping.of(
          Aggregation.values(),
          aggregation ->
              switch (aggregation) {
                case TOKEN_MEAN -> AggregationMessage.AGGREGATION_TOKEN_MEAN;
                case SEQUENCE_MEAN_TOKEN_MEAN ->
                    AggregationMessage.AGGREGATION_SEQUENCE_MEAN_TOKEN_MEAN;
                case SEQUENCE_MEAN_TOKEN_SUM ->
                    AggregationMessage.AGGREGATION_SEQUENCE_MEAN_TOKEN_SUM;
                case CONSTANT_LENGTH -> AggregationMessage.AGGREGATION_CONSTANT_LENGTH;
              });

  static final EnumMapping<Compute, ComputeMessage> COMPUTES =
      EnumMapping.of(
          Compute.values(),
          compute ->
              switch (compute) {
                case FLOAT32 -> ComputeMessage.COMPUTE_FLOAT32;
                case BFLOAT16 -> ComputeMessage.COMPUTE_BFLOAT16;
              });

  private LearnerSpecificationCodec() {}

  static LearnerSpecificationMessage toMessage(LearnerSpecification learner) {
    return LearnerSpecificationMessage.newBuilder()
        .setAdvantage(ADVANTAGES.wire(learner.advantage()))
        .setDiscount(learner.discount())
        .setLoss(learner.loss())
        .setClipLow(learner.clipLow())
        .setClipHigh(learner.clipHigh())
        .setDualClip(learner.dualClip())
        .setOldPolicy(OLD_POLICIES.wire(learner.oldPolicy()))
        .setImportance(IMPORTANCES.wire(learner.importance()))
        .setImportanceCap(learner.importanceCap())
        .setKl(KLS.wire(learner.kl()))
        .setKlCoefficient(learner.klCoefficient())
        .setEntropyCoefficient(learner.entropyCoefficient())
        .setAggregation(AGGREGATIONS.wire(learner.aggregation()))
        .setConstantLength(learner.constantLength())
        .setEpochs(learner.epochs())
        .setMinibatches(learner.minibatches())
        .setMicroBatch(learner.microBatch())
        .setCompute(COMPUTES.wire(learner.compute()))
        .setNonFiniteBudget(learner.nonFiniteBudget())
        .setOptimizer(OptimizerSpecificationCodec.toMessage(learner.optimizer()))
        .build();
  }

  static LearnerSpecification fromMessage(LearnerSpecificationMessage message, Where where) {
    Advantage advantage = ADVANTAGES.read(where, "advantage", message.getAdvantageValue());
    OldPolicy oldPolicy = OLD_POLICIES.read(where, "old_policy", message.getOldPolicyValue());
    Importance importance = IMPORTANCES.read(where, "importance", message.getImportanceValue());
    Kl kl = KLS.read(where, "kl", message.getKlValue());
    Aggregation aggregation =
        AGGREGATIONS.read(where, "aggregation", message.getAggregationValue());
    Compute compute = COMPUTES.read(where, "compute", message.getComputeValue());
    var optimizer =
        OptimizerSpecificationCodec.fromMessage(
            message.getOptimizer(), where.required("optimizer", message.hasOptimizer()));
    return where.make(
        () ->
            new LearnerSpecification(
                advantage,
                message.getDiscount(),
                message.getLoss(),
                message.getClipLow(),
                message.getClipHigh(),
                message.getDualClip(),
                oldPolicy,
                importance,
                message.getImportanceCap(),
                kl,
                message.getKlCoefficient(),
                message.getEntropyCoefficient(),
                aggregation,
                message.getConstantLength(),
                message.getEpochs(),
                message.getMinibatches(),
                message.getMicroBatch(),
                compute,
                message.getNonFiniteBudget(),
                optimizer));
  }
}
