package dev.troupe.rollout.verify.length;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;

/**
 * DAPO's soft overlong punishment (Yu et al., 2025, arXiv:2503.14476, equation 13), to be added to
 * another reward.
 *
 * <pre>
 *              0                        |y| ≤ max − cache
 * R(y) =       (max − cache − |y|)/cache   max − cache &lt; |y| ≤ max
 *              −1                       |y| > max
 * </pre>
 *
 * <p>|y| counts the policy's tokens, its end token included. A cache of 0 has no ramp.
 */
public final class OverlongPenalty implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "overlong",
          "1",
          "0, falling to -1 as the answer nears the longest length (DAPO)",
          "nothing",
          Settings.class,
          OverlongPenalty::new);

  private final Settings settings;

  private OverlongPenalty(Settings settings) {
    this.settings = settings;
  }

  /** What can be set. */
  public record Settings(
      @Setting(means = "Longest length in tokens.") int max,
      @Setting(means = "Tokens below it in which the penalty grows.") int cache) {
    public Settings {
      Check.atLeast("max", 1, max);
      Check.that(cache >= 0 && cache <= max, "cache", "from 0 to max [" + max + "]", cache);
    }
  }

  @Override
  public Outcome judge(Attempt attempt) {
    return new Outcome.Scored(penalty(settings, attempt.tokens().size()));
  }

  static double penalty(Settings settings, int length) {
    int free = settings.max() - settings.cache();
    if (length <= free) {
      return 0;
    }
    return length <= settings.max() ? (double) (free - length) / settings.cache() : -1;
  }
}
