package dev.troupe.rollout.verify.length;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;
import java.util.Optional;

/**
 * How near an answer's length is to the one that its task wants (open-instruct's {@code max_length}
 * and {@code up_to_max_length}).
 *
 * <pre>
 * R = 1 − | |y| − wanted | / max        1 for all shorter answers where {@code shorter = free}
 * </pre>
 */
public final class LengthTarget implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "length",
          "1",
          "1 for an answer of the task's length in tokens, less the further it is from that",
          "the wanted length in tokens",
          Settings.class,
          LengthTarget::new);

  private final Settings settings;

  private LengthTarget(Settings settings) {
    this.settings = settings;
  }

  /** What an answer that is too short gets. */
  public enum Shorter {
    LESS,
    FREE
  }

  /** What can be set. */
  public record Settings(
      @Setting(means = "Tokens from the wanted length that cost 1.", standard = "1000") int max,
      @Setting(means = "Whether shorter answers get less, or are free to be.", standard = "less")
          Shorter shorter) {
    public Settings {
      Check.atLeast("max", 1, max);
    }
  }

  @Override
  public Outcome judge(Attempt attempt) {
    Optional<Double> wanted = number(attempt.expected().strip());
    if (wanted.isEmpty()) {
      return new Outcome.Invalid("expected a length in tokens, got [" + attempt.expected() + "]");
    }
    return new Outcome.Scored(score(settings, wanted.get(), attempt.tokens().size()));
  }

  static double score(Settings settings, double wanted, int length) {
    return settings.shorter() == Shorter.FREE && length <= wanted
        ? 1
        : 1 - Math.abs(length - wanted) / settings.max();
  }

  private static Optional<Double> number(String text) {
    try {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) && number >= 0 ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
