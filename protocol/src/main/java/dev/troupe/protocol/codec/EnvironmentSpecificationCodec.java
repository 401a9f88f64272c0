package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.AutoresetMessage;
import dev.troupe.protocol.proto.EnvironmentSpecificationMessage;
import dev.troupe.protocol.run.EnvironmentSpecification;
import dev.troupe.protocol.run.EnvironmentSpecification.Autoreset;
import java.time.Duration;

/** Where a run plays. */
final class EnvironmentSpecificationCodec {
  static final EnumMapping<Autoreset, AutoresetMessage> AUTORESET =
      EnumMapping.of(
          Autoreset.values(),
          autoreset ->
              switch (autoreset) {
                case SAME_STEP -> AutoresetMessage.AUTORESET_SAME_STEP;
                case NEXT_STEP -> AutoresetMessage.AUTORESET_NEXT_STEP;
              });

  private EnvironmentSpecificationCodec() {}

  static EnvironmentSpecificationMessage toMessage(EnvironmentSpecification environment) {
    return EnvironmentSpecificationMessage.newBuilder()
        .setId(environment.id())
        .putAllOptions(environment.options())
        .setCount(environment.count())
        .setSteps(environment.steps())
        .setAutoreset(AUTORESET.wire(environment.autoreset()))
        .setStepLimitNanos(environment.stepLimit().toNanos())
        .build();
  }

  static EnvironmentSpecification fromMessage(
      EnvironmentSpecificationMessage message, Where where) {
    Autoreset autoreset = AUTORESET.read(where, "autoreset", message.getAutoresetValue());
    Duration stepLimit = where.nanos("step_limit_nanos", message.getStepLimitNanos());
    return where.make(
        () ->
            new EnvironmentSpecification(
                message.getId(),
                message.getOptionsMap(),
                message.getCount(),
                message.getSteps(),
                autoreset,
                stepLimit));
  }
}
