package dev.troupe.rollout.verify.math;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verdicts;
import dev.troupe.rollout.verify.VerifierKind;

/**
 * 1 where the answer in a response means the same as the reference, else 0: {@code 1/2}, {@code
 * \frac{1}{2}} and {@code 0.5}; {@code x^2-1} and {@code (x-1)(x+1)}. It follows math-verify;
 * docs/rewards.md has the rules, how far both agree, and where not and why.
 *
 * <p>Every verdict is bounded in work, so an answer can't hang it: what isn't shown to be equal
 * within the bound is 0. A reference that can't be read is {@link Outcome.Invalid}.
 */
public final class MathAnswer implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "math",
          "1",
          "1 where the mathematics of the answer equals the reference, else 0",
          "LaTeX, or a text that marks its LaTeX by dollars or a box",
          Settings.class,
          MathAnswer::new);

  private static final int QUOTED_MAX = 80;

  /** Where in a response the answer may stand. */
  public enum Extraction {
    ANYWHERE,
    ANNOUNCED,
    BOXED
  }

  /** What {@code 27\%} is. */
  public enum PercentSign {
    HUNDREDTH,
    UNREAD
  }

  /** What can be set. */
  public record Settings(
      @Setting(
              means =
                  "Where the answer may stand: anywhere (a box, behind \"answer\", else the last"
                      + " mathematics or number), announced (a box, or LaTeX behind \"answer\"), or"
                      + " boxed.",
              standard = "anywhere")
          Extraction extraction,
      @Setting(
              means =
                  "What a percentage is: hundredth (27\\% equals 0.27, and 27 as well), or unread"
                      + " (27\\% equals 27\\% only, as for math-verify with ANTLR 4.11).",
              standard = "hundredth")
          PercentSign percent,
      @Setting(means = "Whether letters matter; else x + 1 equals y + 1.", standard = "true")
          boolean strict,
      @Setting(
              means = "The most steps of a verdict, of a few microseconds at most each.",
              standard = "200000")
          long stepsMax) {
    public Settings {
      Check.atLeast("steps-max", 1, stepsMax);
    }

    /** As where nothing is written. */
    static Settings standard() {
      return new Settings(Extraction.ANYWHERE, PercentSign.HUNDREDTH, true, 200_000);
    }
  }

  private final MathEquivalence equivalence;

  private MathAnswer(Settings settings) {
    this.equivalence = new MathEquivalence(settings);
  }

  @Override
  public Outcome judge(Attempt attempt) {
    if (attempt.expected().isBlank()) {
      return Verdicts.NO_REFERENCE;
    }
    return switch (equivalence.judge(attempt.expected(), attempt.answer())) {
      case EQUAL -> Verdicts.of(true);
      case DIFFERENT -> Verdicts.of(false);
      case UNREADABLE_REFERENCE ->
          new Outcome.Invalid(
              "expected mathematics as the reference answer, got ["
                  + quoted(attempt.expected())
                  + "]");
    };
  }

  private static String quoted(String text) {
    return text.length() > QUOTED_MAX ? text.substring(0, QUOTED_MAX) + "…" : text;
  }
}
