package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.SamplingSpecificationMessage;
import dev.troupe.protocol.proto.SwitchingMessage;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SamplingSpecification.Switching;

/** How completions are drawn. */
final class SamplingSpecificationCodec {
  static final EnumMapping<Switching, SwitchingMessage> SWITCHINGS =
      EnumMapping.of(
          Switching.values(),
          switching ->
              switch (switching) {
                case BETWEEN_EPISODES -> SwitchingMessage.SWITCHING_BETWEEN_EPISODES;
                case BETWEEN_TOKENS -> SwitchingMessage.SWITCHING_BETWEEN_TOKENS;
              });

  private SamplingSpecificationCodec() {}

  static SamplingSpecificationMessage toMessage(SamplingSpecification sampling) {
    return SamplingSpecificationMessage.newBuilder()
        .setTemperature(sampling.temperature())
        .setTopK(sampling.topK())
        .setTopP(sampling.topP())
        .setNewTokensMax(sampling.newTokensMax())
        .addAllStop(sampling.stop())
        .setLanes(sampling.lanes())
        .setTokensPerCall(sampling.tokensPerCall())
        .setSwitching(SWITCHINGS.wire(sampling.switching()))
        .build();
  }

  static SamplingSpecification fromMessage(SamplingSpecificationMessage message, Where where) {
    Switching switching = SWITCHINGS.read(where, "switching", message.getSwitchingValue());
    return where.make(
        () ->
            new SamplingSpecification(
                message.getTemperature(),
                message.getTopK(),
                message.getTopP(),
                message.getNewTokensMax(),
                message.getStopList(),
                message.getLanes(),
                message.getTokensPerCall(),
                switching));
  }
}
