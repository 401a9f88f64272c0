package dev.troupe.protocol.run;

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
    String initFrom) {

  /** How text becomes ids. */
  public sealed interface Tokenizer {
    /** 256 bytes and the special tokens pad, begin, end. */
    record Bytes() implements Tokenizer {}

    /** One token a character of {@code alphabet}, after the special tokens pad, begin, end. */
    record Characters(String alphabet) implements Tokenizer {}
  }
}
