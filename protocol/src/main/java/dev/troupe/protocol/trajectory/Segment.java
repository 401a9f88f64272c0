package dev.troupe.protocol.trajectory;

import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;

/**
 * A run of tokens of one origin in a completion.
 *
 * @param kind who wrote it
 * @param text as decoded
 * @param tokens ids, T of them
 * @param trained whether the loss covers these tokens (the policy's own only)
 * @param logProbs T log-probabilities under the distribution that was sampled from (after
 *     temperature, top-k, top-p); empty where the policy did not write the segment
 * @param policyLogProbs T log-probabilities under the raw policy (temperature 1, no cut); empty
 *     likewise
 */
public record Segment(
    Kind kind,
    String text,
    IntArray tokens,
    boolean trained,
    FloatArray logProbs,
    FloatArray policyLogProbs) {
  /** Who wrote a segment. */
  public enum Kind {
    PROMPT,
    ANSWER,
    TOOL_OUTPUT
  }

  public Segment {
    boolean measured = kind == Kind.ANSWER;
    int expected = measured ? tokens.size() : 0;
    if (logProbs.size() != expected || policyLogProbs.size() != expected) {
      throw new IllegalArgumentException(
          kind
              + " segment of ["
              + tokens.size()
              + "] tokens needs ["
              + expected
              + "] log-probabilities, got ["
              + logProbs.size()
              + "] and ["
              + policyLogProbs.size()
              + "]");
    }
    if (trained && !measured) {
      throw new IllegalArgumentException("only ANSWER segments can be trained on, got " + kind);
    }
  }
}
