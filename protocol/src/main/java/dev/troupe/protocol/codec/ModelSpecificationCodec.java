package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.ByteTokenizerMessage;
import dev.troupe.protocol.proto.CharacterTokenizerMessage;
import dev.troupe.protocol.proto.ModelSpecificationMessage;
import dev.troupe.protocol.proto.RopeScalingMessage;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.RopeScaling;

/** Networks and their tokenizers. */
final class ModelSpecificationCodec {
  private ModelSpecificationCodec() {}

  static ModelSpecificationMessage toMessage(ModelSpecification model) {
    var message =
        ModelSpecificationMessage.newBuilder()
            .setHidden(model.hidden())
            .setLayers(model.layers())
            .setHeads(model.heads())
            .setKvHeads(model.kvHeads())
            .setHeadSize(model.headSize())
            .setFeedForward(model.feedForward())
            .setPositions(model.positions())
            .setRopeTheta(model.ropeTheta())
            .setNormEpsilon(model.normEpsilon())
            .setTied(model.tied())
            .setInitStd(model.initStd())
            .setInitFrom(model.initFrom())
            .setAttentionBias(model.attentionBias())
            .setFeedForwardBias(model.feedForwardBias());
    if (!model.ropeScaling().equals(RopeScaling.NONE)) {
      message.setRopeScaling(
          RopeScalingMessage.newBuilder()
              .setFactor(model.ropeScaling().factor())
              .setLowFrequency(model.ropeScaling().lowFrequency())
              .setHighFrequency(model.ropeScaling().highFrequency())
              .setPositions(model.ropeScaling().positions()));
    }
    switch (model.tokenizer()) {
      case ModelSpecification.Tokenizer.Bytes() ->
          message.setBytes(ByteTokenizerMessage.getDefaultInstance());
      case ModelSpecification.Tokenizer.Characters(var alphabet) ->
          message.setCharacters(CharacterTokenizerMessage.newBuilder().setAlphabet(alphabet));
    }
    return message.build();
  }

  static ModelSpecification fromMessage(ModelSpecificationMessage message, Where where) {
    ModelSpecification.Tokenizer tokenizer =
        switch (message.getTokenizerCase()) {
          case BYTES -> new ModelSpecification.Tokenizer.Bytes();
          case CHARACTERS ->
              where
                  .in("characters")
                  .make(
                      () ->
                          new ModelSpecification.Tokenizer.Characters(
                              message.getCharacters().getAlphabet()));
          case TOKENIZER_NOT_SET ->
              throw where.in("tokenizer").refuse("bytes or characters", "nothing");
        };
    RopeScaling ropeScaling =
        message.hasRopeScaling()
            ? where.in("rope_scaling").make(() -> ropeScaling(message.getRopeScaling()))
            : RopeScaling.NONE;
    return where.make(
        () ->
            new ModelSpecification(
                message.getHidden(),
                message.getLayers(),
                message.getHeads(),
                message.getKvHeads(),
                message.getHeadSize(),
                message.getFeedForward(),
                message.getPositions(),
                message.getRopeTheta(),
                message.getNormEpsilon(),
                message.getTied(),
                message.getInitStd(),
                tokenizer,
                message.getInitFrom(),
                message.getAttentionBias(),
                message.getFeedForwardBias(),
                ropeScaling));
  }

  private static RopeScaling ropeScaling(RopeScalingMessage message) {
    return new RopeScaling(
        message.getFactor(),
        message.getLowFrequency(),
        message.getHighFrequency(),
        message.getPositions());
  }
}
