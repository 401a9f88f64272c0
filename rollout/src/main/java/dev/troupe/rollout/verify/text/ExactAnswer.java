package dev.troupe.rollout.verify.text;

import dev.troupe.plugin.Verifier.None;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verdicts;
import dev.troupe.rollout.verify.VerifierKind;

/**
 * 1 where the answer is the reference answer, else 0.
 *
 * <p>White space before and after the answer, and around the reference, doesn't count; within,
 * every character does. An answer that was cut off at the longest length scores 0, even if its text
 * is right so far: it has not said that it is finished.
 */
public final class ExactAnswer implements Rule {
  public static final VerifierKind<None> KIND =
      new VerifierKind<>(
          "exact",
          "1",
          "1 where the answer equals the reference, else 0",
          "the reference answer",
          None.class,
          _ -> new ExactAnswer());

  private ExactAnswer() {}

  @Override
  public Outcome judge(Attempt attempt) {
    if (attempt.expected().isBlank()) {
      return Verdicts.NO_REFERENCE;
    }
    return Verdicts.of(
        attempt.isFinished() && attempt.answer().strip().equals(attempt.expected().strip()));
  }
}
