package dev.troupe.rollout.verify.math;

import static dev.troupe.rollout.verify.Attempts.attempt;
import static dev.troupe.rollout.verify.Attempts.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verdicts;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MathAnswerTest {
  private static final Outcome RIGHT = new Outcome.Scored(1);
  private static final Outcome WRONG = new Outcome.Scored(0);

  private final Rule rule = rule("math", "{}");

  @Test
  void scoresOneForWhatMeansTheSameAndZeroForWhatDoesNot() {
    assertThat(judge("\\frac{2}{7}", "Hence the answer is \\boxed{4/14}.")).isEqualTo(RIGHT);
    assertThat(judge("\\frac{2}{7}", "Hence the answer is \\boxed{4/15}.")).isEqualTo(WRONG);
    assertThat(judge("\\frac{2}{7}", "I don't know")).isEqualTo(WRONG);
    assertThat(judge("\\frac{2}{7}", "")).isEqualTo(WRONG);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "72; The answer is 72.",
        "3x+2; $2+3x$",
        "$3x+2$; $2+3x$",
        "\\boxed{3x+2}; $2+3x$",
        "x^2-1; \\boxed{(x-1)(x+1)}",
        "\\text{even}; \\boxed{even}",
        "(-\\infty, 3]; \\[(-\\infty,3]\\]",
        "12 \\text{ cm}; 12 cm",
        "The answer is 12; \\boxed{12}"
      })
  void takesReferencesWithAndWithoutMarks(String reference, String answer) {
    assertThat(judge(reference, answer)).isEqualTo(RIGHT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no idea at all", "\\boxed{", "$$", "?"})
  void cannotJudgeWithAReferenceThatIsNoMathematics(String reference) {
    assertThat(judge(reference, "\\boxed{7}"))
        .isEqualTo(
            new Outcome.Invalid(
                "expected mathematics as the reference answer, got [" + reference + "]"));
  }

  @Test
  void cannotJudgeWithoutAReference() {
    assertThat(judge(" ", "\\boxed{7}")).isEqualTo(Verdicts.NO_REFERENCE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "anywhere; so 5 it is; 1",
        "announced; so 5 it is; 0",
        "announced; so $5$ it is; 0",
        "announced; the answer is $5$; 1",
        "announced; so \\boxed{5} it is; 1",
        "boxed; the answer is $5$; 0",
        "boxed; so $x=\\boxed{5}$ it is, not $6$; 1"
      })
  void looksForTheAnswerWhereTheSettingsSay(String extraction, String answer, double score) {
    assertThat(rule("math", "{'extraction':'" + extraction + "'}").judge(attempt("5", answer)))
        .isEqualTo(new Outcome.Scored(score));
  }

  @Test
  void takesLettersForEachOtherWhereTheSettingsSay() {
    assertThat(rule("math", "{'strict':false}").judge(attempt("x+2y", "\\boxed{a+2b}")))
        .isEqualTo(RIGHT);
    assertThat(judge("x+2y", "\\boxed{a+2b}")).isEqualTo(WRONG);
  }

  @Test
  void takesPercentSignsAsHundredthsUnlessTheSettingsSayOtherwise() {
    Rule unread = rule("math", "{'percent':'unread'}");
    assertThat(judge("27\\%", "$0.27$")).isEqualTo(RIGHT);
    assertThat(judge("27\\%", "\\boxed{27\\%}")).isEqualTo(RIGHT);
    assertThat(judge("27\\%", "\\boxed{28\\%}")).isEqualTo(WRONG);
    assertThat(unread.judge(attempt("27\\%", "$0.27$"))).isEqualTo(WRONG);
    assertThat(unread.judge(attempt("27\\%", "\\boxed{27\\%}"))).isEqualTo(RIGHT);
  }

  @Test
  void givesUpAtItsBoundOnWork() {
    Rule bounded = rule("math", "{'steps-max':60}");
    assertThat(bounded.judge(attempt("2", "\\boxed{2}"))).isEqualTo(RIGHT);
    assertThat(bounded.judge(attempt("2", "\\boxed{1+" + "(1-1)+".repeat(20) + "1}")))
        .isEqualTo(WRONG);
    assertThat(judge("2", "\\boxed{1+" + "(1-1)+".repeat(20) + "1}")).isEqualTo(RIGHT);
    assertThatThrownBy(() -> rule("math", "{'steps-max':0}"))
        .isInstanceOf(BadSettingsException.class)
        .hasMessageContaining("steps-max");
  }

  private Outcome judge(String reference, String answer) {
    return rule.judge(attempt(reference, answer));
  }
}
