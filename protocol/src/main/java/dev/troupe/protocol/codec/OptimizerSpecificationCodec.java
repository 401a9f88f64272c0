package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.OptimizerSpecificationMessage;
import dev.troupe.protocol.proto.ScheduleMessage;
import dev.troupe.protocol.run.OptimizerSpecification;
import dev.troupe.protocol.run.OptimizerSpecification.Schedule;

/** Optimizers. */
final class OptimizerSpecificationCodec {
  static final EnumMapping<Schedule, ScheduleMessage> SCHEDULES =
      EnumMapping.of(
          Schedule.values(),
          schedule ->
              switch (schedule) {
                case CONSTANT -> ScheduleMessage.SCHEDULE_CONSTANT;
                case LINEAR -> ScheduleMessage.SCHEDULE_LINEAR;
                case COSINE -> ScheduleMessage.SCHEDULE_COSINE;
              });

  private OptimizerSpecificationCodec() {}

  static OptimizerSpecificationMessage toMessage(OptimizerSpecification optimizer) {
    return OptimizerSpecificationMessage.newBuilder()
        .setLearningRate(optimizer.learningRate())
        .setBeta1(optimizer.beta1())
        .setBeta2(optimizer.beta2())
        .setEpsilon(optimizer.epsilon())
        .setWeightDecay(optimizer.weightDecay())
        .setWarmupSteps(optimizer.warmupSteps())
        .setSchedule(SCHEDULES.wire(optimizer.schedule()))
        .setMinimumShare(optimizer.minimumShare())
        .setClipNorm(optimizer.clipNorm())
        .build();
  }

  static OptimizerSpecification fromMessage(OptimizerSpecificationMessage message, Where where) {
    Schedule schedule = SCHEDULES.read(where, "schedule", message.getScheduleValue());
    return where.make(
        () ->
            new OptimizerSpecification(
                message.getLearningRate(),
                message.getBeta1(),
                message.getBeta2(),
                message.getEpsilon(),
                message.getWeightDecay(),
                message.getWarmupSteps(),
                schedule,
                message.getMinimumShare(),
                message.getClipNorm()));
  }
}
