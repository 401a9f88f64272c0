package dev.troupe.protocol.trajectory;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;

/**
 * A run of tokens of one origin in a completion.
 *
 * @param kind who wrote it
 * @param text as decoded, for people; {@code tokens} are what counts. Half of a surrogate pair does
 *     not survive encoding: it becomes a question mark
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
    Check.that(
        logProbs.size() == expected,
        "logProbs",
        expected + " numbers for " + kind + " of " + tokens.size() + " tokens",
        logProbs.size());
    Check.that(
        policyLogProbs.size() == expected,
        "policyLogProbs",
        expected + " numbers for " + kind + " of " + tokens.size() + " tokens",
        policyLogProbs.size());
    Check.that(measured || !trained, "trained", "false for " + kind, trained);
  }
}
