package dev.troupe.rollout.verify.format;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.InvalidValueException;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verdicts;
import dev.troupe.rollout.verify.VerifierKind;

/**
 * 1 where an answer matches a regular expression, else 0.
 *
 * <p>The expression has RE2's syntax: neither look-around nor references to groups, and in exchange
 * no answer, however it was made, takes more time than its length times the expression's.
 */
public final class RegularExpression implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "regex",
          "1",
          "1 where the answer matches a regular expression, else 0",
          "nothing",
          Settings.class,
          RegularExpression::new);

  private final Pattern pattern;
  private final boolean isWhole;

  private RegularExpression(Settings settings) {
    int flags =
        (settings.ignoreCase() ? Pattern.CASE_INSENSITIVE : 0)
            | (settings.dotAll() ? Pattern.DOTALL : 0)
            | (settings.multiline() ? Pattern.MULTILINE : 0);
    this.pattern = compiled("pattern", settings.pattern(), flags);
    this.isWhole = settings.whole();
  }

  /** What can be set. */
  public record Settings(
      @Setting(means = "The expression, in RE2's syntax.") String pattern,
      @Setting(means = "Whether all of the answer must match, or some of it.", standard = "false")
          boolean whole,
      @Setting(means = "Whether case doesn't count.", standard = "false") boolean ignoreCase,
      @Setting(means = "Whether a dot matches a line's end, too.", standard = "false")
          boolean dotAll,
      @Setting(means = "Whether ^ and $ match at every line.", standard = "false")
          boolean multiline) {}

  /**
   * An expression of a setting.
   *
   * @throws InvalidValueException naming {@code setting}
   */
  static Pattern compiled(String setting, String expression, int flags) {
    try {
      return Pattern.compile(expression, flags);
    } catch (PatternSyntaxException e) {
      throw new InvalidValueException(
          setting, "a regular expression in RE2's syntax (" + e.getDescription() + ")", expression);
    }
  }

  @Override
  public Outcome judge(Attempt attempt) {
    return Verdicts.of(
        isWhole ? pattern.matches(attempt.answer()) : pattern.matcher(attempt.answer()).find());
  }
}
