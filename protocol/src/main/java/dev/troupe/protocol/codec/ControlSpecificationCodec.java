package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.AdjustmentMessage;
import dev.troupe.protocol.proto.AdjustmentMethodMessage;
import dev.troupe.protocol.proto.BootstrapMessage;
import dev.troupe.protocol.proto.ControlAlgorithmMessage;
import dev.troupe.protocol.proto.ControlSpecificationMessage;
import dev.troupe.protocol.proto.RecurrenceMessage;
import dev.troupe.protocol.run.ControlSpecification;
import dev.troupe.protocol.run.ControlSpecification.Adjustment;
import dev.troupe.protocol.run.ControlSpecification.AdjustmentMethod;
import dev.troupe.protocol.run.ControlSpecification.Algorithm;
import dev.troupe.protocol.run.ControlSpecification.Bootstrap;
import dev.troupe.protocol.run.ControlSpecification.Correction;
import dev.troupe.protocol.run.ControlSpecification.Layers;
import dev.troupe.protocol.run.ControlSpecification.Normalisation;
import dev.troupe.protocol.run.ControlSpecification.Objective;
import dev.troupe.protocol.run.ControlSpecification.Recurrence;
import dev.troupe.protocol.run.ControlSpecification.Returns;

/** How a run in environments learns. */
final class ControlSpecificationCodec {
  static final EnumMapping<Algorithm, ControlAlgorithmMessage> ALGORITHMS =
      EnumMapping.of(
          Algorithm.values(),
          value ->
              switch (value) {
                case PPO -> ControlAlgorithmMessage.CONTROL_ALGORITHM_PPO;
                case A2C -> ControlAlgorithmMessage.CONTROL_ALGORITHM_A2C;
                case VTRACE -> ControlAlgorithmMessage.CONTROL_ALGORITHM_VTRACE;
                case APPO -> ControlAlgorithmMessage.CONTROL_ALGORITHM_APPO;
                case IMPACT -> ControlAlgorithmMessage.CONTROL_ALGORITHM_IMPACT;
              });

  static final EnumMapping<Recurrence, RecurrenceMessage> RECURRENCES =
      EnumMapping.of(
          Recurrence.values(),
          value ->
              switch (value) {
                case NONE -> RecurrenceMessage.RECURRENCE_NONE;
                case LSTM -> RecurrenceMessage.RECURRENCE_LSTM;
                case GRU -> RecurrenceMessage.RECURRENCE_GRU;
              });

  static final EnumMapping<Bootstrap, BootstrapMessage> BOOTSTRAPS =
      EnumMapping.of(
          Bootstrap.values(),
          value ->
              switch (value) {
                case TERMINATED_ONLY -> BootstrapMessage.BOOTSTRAP_TERMINATED_ONLY;
                case NEVER_AFTER_DONE -> BootstrapMessage.BOOTSTRAP_NEVER_AFTER_DONE;
              });

  static final EnumMapping<AdjustmentMethod, AdjustmentMethodMessage> METHODS =
      EnumMapping.of(
          AdjustmentMethod.values(),
          value ->
              switch (value) {
                case NONE -> AdjustmentMethodMessage.ADJUSTMENT_METHOD_NONE;
                case ROS -> AdjustmentMethodMessage.ADJUSTMENT_METHOD_ROS;
                case PROPS -> AdjustmentMethodMessage.ADJUSTMENT_METHOD_PROPS;
              });

  private ControlSpecificationCodec() {}

  static ControlSpecificationMessage toMessage(ControlSpecification control) {
    return ControlSpecificationMessage.newBuilder()
        .setAlgorithm(ALGORITHMS.wire(control.algorithm()))
        .addAllHidden(control.layers().hidden())
        .setRecurrence(RECURRENCES.wire(control.layers().recurrence()))
        .setRecurrentWidth(control.layers().recurrentWidth())
        .setDiscount(control.returns().discount())
        .setLambda(control.returns().lambda())
        .setBootstrap(BOOTSTRAPS.wire(control.returns().bootstrap()))
        .setClip(control.objective().clip())
        .setValueClip(control.objective().valueClip())
        .setValueCoefficient(control.objective().valueCoefficient())
        .setEntropyCoefficient(control.objective().entropyCoefficient())
        .setNormaliseAdvantages(control.objective().normaliseAdvantages())
        .setTargetKl(control.objective().targetKl())
        .setEpochs(control.epochs())
        .setMinibatches(control.minibatches())
        .setOptimizer(OptimizerSpecificationCodec.toMessage(control.optimizer()))
        .setNormaliseObservations(control.normalisation().observations())
        .setNormaliseRewards(control.normalisation().rewards())
        .setNormalisedClip(control.normalisation().clip())
        .setRhoCap(control.correction().rhoCap())
        .setTraceCap(control.correction().traceCap())
        .setAdvantageCap(control.correction().advantageCap())
        .setTargetUpdates(control.correction().targetUpdates())
        .setTargetShare(control.correction().targetShare())
        .setAdjustment(toMessage(control.adjustment()))
        .setNonFiniteBudget(control.nonFiniteBudget())
        .build();
  }

  private static AdjustmentMessage toMessage(Adjustment adjustment) {
    return AdjustmentMessage.newBuilder()
        .setMethod(METHODS.wire(adjustment.method()))
        .setCollections(adjustment.collections())
        .setBuffer(adjustment.buffer())
        .setLearningRate(adjustment.learningRate())
        .setEpochs(adjustment.epochs())
        .setMinibatches(adjustment.minibatches())
        .setClip(adjustment.clip())
        .setKlCoefficient(adjustment.klCoefficient())
        .setTargetKl(adjustment.targetKl())
        .setClipNorm(adjustment.clipNorm())
        .setOverlap(adjustment.overlap())
        .build();
  }

  static ControlSpecification fromMessage(ControlSpecificationMessage message, Where where) {
    Algorithm algorithm = ALGORITHMS.read(where, "algorithm", message.getAlgorithmValue());
    Recurrence recurrence = RECURRENCES.read(where, "recurrence", message.getRecurrenceValue());
    Bootstrap bootstrap = BOOTSTRAPS.read(where, "bootstrap", message.getBootstrapValue());
    var optimizer =
        OptimizerSpecificationCodec.fromMessage(
            message.getOptimizer(), where.required("optimizer", message.hasOptimizer()));
    Adjustment adjustment =
        adjustment(message.getAdjustment(), where.required("adjustment", message.hasAdjustment()));
    return where.make(
        () ->
            new ControlSpecification(
                algorithm,
                new Layers(message.getHiddenList(), recurrence, message.getRecurrentWidth()),
                new Returns(message.getDiscount(), message.getLambda(), bootstrap),
                new Objective(
                    message.getClip(),
                    message.getValueClip(),
                    message.getValueCoefficient(),
                    message.getEntropyCoefficient(),
                    message.getNormaliseAdvantages(),
                    message.getTargetKl()),
                message.getEpochs(),
                message.getMinibatches(),
                optimizer,
                new Normalisation(
                    message.getNormaliseObservations(),
                    message.getNormaliseRewards(),
                    message.getNormalisedClip()),
                new Correction(
                    message.getRhoCap(),
                    message.getTraceCap(),
                    message.getAdvantageCap(),
                    message.getTargetUpdates(),
                    message.getTargetShare()),
                adjustment,
                message.getNonFiniteBudget()));
  }

  private static Adjustment adjustment(AdjustmentMessage message, Where where) {
    AdjustmentMethod method = METHODS.read(where, "method", message.getMethodValue());
    return where.make(
        () ->
            new Adjustment(
                method,
                message.getCollections(),
                message.getBuffer(),
                message.getLearningRate(),
                message.getEpochs(),
                message.getMinibatches(),
                message.getClip(),
                message.getKlCoefficient(),
                message.getTargetKl(),
                message.getClipNorm(),
                message.getOverlap()));
  }
}
