package dev.troupe.model.network;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.run.RopeScaling;

/**
 * Sizes of a Llama-family decoder.
 *
 * @param vocabulary token ids
 * @param hidden width of the residual stream
 * @param layers transformer blocks
 * @param heads query heads
 * @param kvHeads key/value heads; divides {@code heads}
 * @param headSize width of a head, even
 * @param feedForward inner width of SwiGLU
 * @param positions longest sequence in tokens
 * @param ropeTheta base of the rotary frequencies
 * @param normEpsilon of RMSNorm
 * @param tied whether the output head is the embedding
 * @param initStd standard deviation of initial weights
 * @param attentionBias whether queries, keys, values and what attention gives have biases
 * @param feedForwardBias whether the three matrices of SwiGLU have biases
 * @param ropeScaling how rotary frequencies are slowed
 */
public record DecoderShape(
    int vocabulary,
    int hidden,
    int layers,
    int heads,
    int kvHeads,
    int headSize,
    int feedForward,
    int positions,
    double ropeTheta,
    double normEpsilon,
    boolean tied,
    double initStd,
    boolean attentionBias,
    boolean feedForwardBias,
    RopeScaling ropeScaling) {
  public DecoderShape {
    Check.atLeast("vocabulary", 1, vocabulary);
    Check.atLeast("hidden", 1, hidden);
    Check.atLeast("layers", 1, layers);
    Check.atLeast("heads", 1, heads);
    Check.atLeast("kv-heads", 1, kvHeads);
    Check.that(heads % kvHeads == 0, "kv-heads", "a divisor of heads = " + heads, kvHeads);
    Check.that(headSize >= 2 && headSize % 2 == 0, "head-size", "even and at least 2", headSize);
    Check.atLeast("feed-forward", 1, feedForward);
    Check.atLeast("positions", 1, positions);
    Check.positive("rope-theta", ropeTheta);
    Check.positive("norm-epsilon", normEpsilon);
  }

  /** Without biases and with rotary frequencies as they are. */
  public DecoderShape(
      int vocabulary,
      int hidden,
      int layers,
      int heads,
      int kvHeads,
      int headSize,
      int feedForward,
      int positions,
      double ropeTheta,
      double normEpsilon,
      boolean tied,
      double initStd) {
    this(
        vocabulary,
        hidden,
        layers,
        heads,
        kvHeads,
        headSize,
        feedForward,
        positions,
        ropeTheta,
        normEpsilon,
        tied,
        initStd,
        false,
        false,
        RopeScaling.NONE);
  }

  /** The network of a recipe, for a tokenizer's vocabulary. */
  public static DecoderShape of(ModelSpecification model, int vocabulary) {
    return new DecoderShape(
        vocabulary,
        model.hidden(),
        model.layers(),
        model.heads(),
        model.kvHeads(),
        model.headSize(),
        model.feedForward(),
        model.positions(),
        model.ropeTheta(),
        model.normEpsilon(),
        model.tied(),
        model.initStd(),
        model.attentionBias(),
        model.feedForwardBias(),
        model.ropeScaling());
  }
}
