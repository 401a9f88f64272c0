package dev.troupe.rollout.verify;

import dev.troupe.protocol.tensor.IntArray;

/**
 * An answer to a prompt.
 *
 * @param prompt text given to the model
 * @param expected what the task says of the right answer: a reference, or what the verifier wants
 *     to know; may be empty
 * @param answer text of the policy's own segments, up to the end token
 * @param isFinished false where it was cut off at the longest length
 * @param tokens that the policy drew, the end token included
 */
public record Attempt(
    String prompt, String expected, String answer, boolean isFinished, IntArray tokens) {
  /** The same with another text for an answer. */
  public Attempt withAnswer(String text) {
    return new Attempt(prompt, expected, text, isFinished, tokens);
  }
}
