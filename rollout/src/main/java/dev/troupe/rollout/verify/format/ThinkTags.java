package dev.troupe.rollout.verify.format;

import dev.troupe.plugin.Verifier.None;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verdicts;
import dev.troupe.rollout.verify.VerifierKind;

/**
 * 1 where an answer begins with {@code <think>}, has no second one, and closes it; else 0. TRL's
 * {@code think_format_reward}, which is {@code ^<think>(?!.*<think>)(.*?)</think>.*$}.
 */
public final class ThinkTags implements Rule {
  public static final VerifierKind<None> KIND =
      new VerifierKind<>(
          "think-tags",
          "1",
          "1 where the answer begins with one thought in think tags, else 0",
          "nothing",
          None.class,
          _ -> new ThinkTags());

  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  private ThinkTags() {}

  @Override
  public Outcome judge(Attempt attempt) {
    String answer = attempt.answer();
    return Verdicts.of(
        answer.startsWith(OPEN)
            && answer.indexOf(OPEN, OPEN.length()) < 0
            && answer.indexOf(CLOSE, OPEN.length()) >= 0);
  }
}
