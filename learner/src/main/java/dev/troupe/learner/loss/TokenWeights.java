package dev.troupe.learner.loss;

import dev.troupe.protocol.run.LearnerSpecification.Aggregation;

/**
 * Aggregation of token losses as a weight for every trained token, so that the loss of a batch is Σ
 * wᵢ ℓᵢₜ however it is split into micro-batches.
 *
 * <pre>
 *   TOKEN_MEAN                 wᵢ = 1 / Σⱼ nⱼ
 *   SEQUENCE_MEAN_TOKEN_MEAN   wᵢ = 1 / (S nᵢ)
 *   SEQUENCE_MEAN_TOKEN_SUM    wᵢ = 1 / S
 *   CONSTANT_LENGTH            wᵢ = 1 / (S L)
 * </pre>
 *
 * <p>nᵢ: trained tokens of sequence i; S: sequences with at least one; L: the recipe's constant
 * (Dr. GRPO, arXiv 2503.20783). Counts are those of the whole optimizer step.
 */
public final class TokenWeights {
  private TokenWeights() {}

  /**
   * The weight of each trained token of each sequence.
   *
   * @param trainedTokens [B] nᵢ
   * @param constantLength L, used by CONSTANT_LENGTH only
   * @return [B] wᵢ; 0 for a sequence without trained tokens
   */
  public static double[] of(Aggregation aggregation, int[] trainedTokens, int constantLength) {
    long tokens = 0;
    long sequences = 0;
    for (int n : trainedTokens) {
      tokens += n;
      sequences += n > 0 ? 1 : 0;
    }
    if (aggregation == Aggregation.CONSTANT_LENGTH && constantLength < 1) {
      throw new IllegalArgumentException(
          "aggregation by constant length needs a length of at least 1, got ["
              + constantLength
              + "]");
    }
    double[] weights = new double[trainedTokens.length];
    for (int b = 0; b < weights.length; b++) {
      if (trainedTokens[b] > 0) {
        weights[b] =
            switch (aggregation) {
              case TOKEN_MEAN -> 1.0 / tokens;
              case SEQUENCE_MEAN_TOKEN_MEAN -> 1.0 / ((double) sequences * trainedTokens[b]);
              case SEQUENCE_MEAN_TOKEN_SUM -> 1.0 / sequences;
              case CONSTANT_LENGTH -> 1.0 / ((double) sequences * constantLength);
            };
      }
    }
    return weights;
  }
}
