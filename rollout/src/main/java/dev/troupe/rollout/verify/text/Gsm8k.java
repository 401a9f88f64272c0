package dev.troupe.rollout.verify.text;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verdicts;
import dev.troupe.rollout.verify.VerifierKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * 1 where the number that an answer ends with is the reference, else 0: grade-school word problems
 * (Cobbe et al., 2021, arXiv:2110.14168).
 *
 * <pre>
 * last-number  the last number, compared as text; without one, the whole answer (open-instruct)
 * strict       the first number behind "#### "                                  (lm-eval gsm8k)
 * flexible     the last thing of two or more of 0-9 $ . , or of digits           (lm-eval gsm8k)
 * </pre>
 *
 * <p>A reference that holds {@code ####}, as the data set's own answers do, is what follows that.
 * Comparison is by characters in all three: {@code 3.0} is not {@code 3}. The latter two first take
 * commas, dollar signs and a dot at the end away.
 */
public final class Gsm8k implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "gsm8k",
          "1",
          "1 where the number that the answer ends with is the reference, else 0",
          "the number, or a text with the number behind ####",
          Settings.class,
          Gsm8k::new);

  private static final String MARK = "####";
  private static final String NONE = "[invalid]";
  private static final Pattern STRICT = Pattern.compile("#### (-?[0-9.,]+)");
  private static final Pattern FLEXIBLE = Pattern.compile("(-?[$0-9.,]{2,})|(-?[0-9]+)");
  private static final Pattern WORKING = Pattern.compile("(?s).*#### ");
  private static final List<String> IGNORED = List.of(",", "$");

  private final Extract extract;

  private Gsm8k(Settings settings) {
    this.extract = settings.extract();
  }

  /** Where in an answer the number is. */
  public enum Extract {
    LAST_NUMBER,
    STRICT,
    FLEXIBLE
  }

  /** What can be set. */
  public record Settings(
      @Setting(means = "Which number of the answer counts.", standard = "last-number")
          Extract extract) {}

  @Override
  public Outcome judge(Attempt attempt) {
    if (attempt.expected().isBlank()) {
      return Verdicts.NO_REFERENCE;
    }
    String answer = attempt.answer();
    String reference = reference(attempt.expected());
    return Verdicts.of(
        switch (extract) {
          case LAST_NUMBER -> isSame(LastNumber.in(answer).orElse(answer), reference);
          case STRICT -> isSame(bare(strict(answer)), bare(reference));
          case FLEXIBLE -> isSame(bare(flexible(answer)), bare(reference));
        });
  }

  private static boolean isSame(String one, String other) {
    return one.equals(other) || one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
  }

  private static String reference(String expected) {
    int mark = expected.lastIndexOf(MARK);
    if (mark < 0) {
      return expected;
    }
    String behind = expected.substring(mark + MARK.length()).strip();
    return behind.replace(",", "");
  }

  static String strict(String answer) {
    Matcher matcher = STRICT.matcher(answer);
    return matcher.find() ? matcher.group(1) : NONE;
  }

  static String flexible(String answer) {
    Optional<String> last =
        FLEXIBLE.matcher(answer).results().reduce((_, later) -> later).map(found -> found.group());
    return last.map(PythonText::strip).orElse(NONE);
  }

  /** Without what lm-eval's comparison ignores. */
  private static String bare(String text) {
    String kept = text;
    for (String ignored : IGNORED) {
      kept = kept.replace(ignored, "");
    }
    kept = WORKING.matcher(kept).replaceAll("");
    return kept.endsWith(".") ? kept.substring(0, kept.length() - 1) : kept;
  }
}
