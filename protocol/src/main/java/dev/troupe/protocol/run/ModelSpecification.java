package dev.troupe.protocol.run;

import dev.troupe.protocol.check.Check;

/**
 * A Llama-family decoder and its tokenizer.
 *
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
 * @param initStd standard deviation of the initial weights
 * @param tokenizer how text becomes ids
 * @param initFrom run directory, checkpoint or safetensors folder to start from; empty = random
 * @param attentionBias whether the matrices of attention have biases
 * @param feedForwardBias whether those of SwiGLU have
 * @param ropeScaling of rotary frequencies
 */
public record ModelSpecification(
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
    Tokenizer tokenizer,
    String initFrom,
    boolean attentionBias,
    boolean feedForwardBias,
    RopeScaling ropeScaling) {
  public ModelSpecification {
    Check.atLeast("hidden", 1, hidden);
    Check.atLeast("layers", 1, layers);
    Check.atLeast("heads", 1, heads);
    Check.atLeast("kvHeads", 1, kvHeads);
    Check.that(heads % kvHeads == 0, "kvHeads", "a divisor of heads = " + heads, kvHeads);
    Check.that(headSize >= 2 && headSize % 2 == 0, "headSize", "even and at least 2", headSize);
    Check.atLeast("feedForward", 1, feedForward);
    Check.atLeast("positions", 1, positions);
    Check.positive("ropeTheta", ropeTheta);
    Check.positive("normEpsilon", normEpsilon);
    Check.notNegative("initStd", initStd);
  }

  /** Without biases and with rotary frequencies as they are. */
  public ModelSpecification(
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
      Tokenizer tokenizer,
      String initFrom) {
    this(
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
        tokenizer,
        initFrom,
        false,
        false,
        RopeScaling.NONE);
  }

  /** How text becomes ids. */
  public sealed interface Tokenizer {
    /** 256 bytes and the special tokens pad, begin, end. */
    record Bytes() implements Tokenizer {}

    /** One token a character of {@code alphabet}, after the special tokens pad, begin, end. */
    record Characters(String alphabet) implements Tokenizer {
      public Characters {
        Check.that(
            !alphabet.isEmpty()
                && alphabet.codePoints().distinct().count() == alphabet.codePoints().count(),
            "alphabet",
            "at least one character and none twice",
            alphabet);
      }
    }
  }
}
